"""The routes of the API and of the media host: who asks, what the script spoils, what the world answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from email.utils import formatdate

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from kling_desktop.sandbox.api import answers
from kling_desktop.sandbox.api.auth import account_of
from kling_desktop.sandbox.api.faults import TASKS, Fault, Script
from kling_desktop.sandbox.api.replies import Reply, Wire, Work, refused, spoiled
from kling_desktop.sandbox.api.request_log import RequestLog
from kling_desktop.sandbox.api.serving import denied, landing_page, served
from kling_desktop.sandbox.films.render_cache import RenderCache
from kling_desktop.sandbox.records import KINDS, Account
from kling_desktop.sandbox.rules.codes import Refusal
from kling_desktop.sandbox.rules.fields import page_of
from kling_desktop.sandbox.rules.orders import addresses_in, order_of
from kling_desktop.sandbox.rules.pictures import fetch
from kling_desktop.sandbox.world.addresses import ROOT, token_in
from kling_desktop.sandbox.world.job_factory import Wish
from kling_desktop.sandbox.world.world import World

Endpoint = Callable[[Request], Awaitable[Response]]
Ask = Callable[[Account, list[Fault]], Reply]
"""Does what one kind of request is for."""


class Desk:
    """Takes requests in the order: noted, authorized, spoiled by the script or answered."""

    def __init__(
        self,
        world: World,
        script: Script,
        request_log: RequestLog,
        render_cache: RenderCache,
        abort: Callable[[Scope], None],
    ) -> None:
        self._world = world
        self._script = script
        self._request_log = request_log
        self._render_cache = render_cache
        self._abort = abort
        self.base = ""
        """http://127.0.0.1:PORT, known once the server listens."""

    def routes(self) -> list[Route]:
        routes = [Route("/account/costs", self._costs, methods=["GET"])]
        for kind in KINDS:
            routes += [
                Route(f"/v1/videos/{kind}", self._create(kind), methods=["POST"]),
                Route(f"/v1/videos/{kind}", self._list(kind), methods=["GET"]),
                Route(f"/v1/videos/{kind}/{{identity:path}}", self._query(kind), methods=["GET"]),
            ]
        routes.append(Route(f"{ROOT}/{{rest:path}}", self._media, methods=["GET", "HEAD"]))
        routes.append(Route("/{rest:path}", self._unknown, methods=["GET", "POST", "PUT", "DELETE", "PATCH"]))
        return routes

    # --- one method per kind of request --------------------------------------------------------------------------

    def _create(self, kind: str) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            try:
                raw = await request.body()
            except ClientDisconnect:
                return Response(status_code=400)  # to nobody: it was cut before its request was whole

            fetched = {url: await asyncio.to_thread(fetch, url) for url in addresses_in(raw)}

            def ask(account: Account, faults: list[Fault]) -> Reply:
                job = self._world.submit(account.name, order_of(kind, raw, fetched), _wish(faults))
                return self._ok(answers.created(job))

            return self._answered(request, "create", raw.decode(errors="replace"), ask)

        return endpoint

    def _query(self, kind: str) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            def ask(account: Account, faults: list[Fault]) -> Reply:
                job = self._world.find(account.name, kind, request.path_params["identity"])
                return self._ok(answers.task(self._world, self.base, job, bare=_bare(faults)))

            return self._answered(request, "query", "", ask)

        return endpoint

    def _list(self, kind: str) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            def ask(account: Account, faults: list[Fault]) -> Reply:
                number, size = page_of(request.query_params.get("pageNum"), request.query_params.get("pageSize"))
                jobs = self._world.page(account.name, kind, number, size)
                return self._ok([answers.task(self._world, self.base, job, bare=_bare(faults)) for job in jobs])

            return self._answered(request, "list", "", ask)

        return endpoint

    async def _costs(self, request: Request) -> Response:
        def ask(account: Account, faults: list[Fault]) -> Reply:
            asked = request.query_params
            try:
                start, end = int(asked["start_time"]), int(asked["end_time"])
            except (KeyError, ValueError):
                raise Refusal(1200, "Missing Request Parameter") from None
            return self._ok(answers.costs(self._world, start, end, asked.get("resource_pack_name", "")))

        return self._answered(request, "costs", "", ask)

    async def _unknown(self, request: Request) -> Response:
        return self._answered(request, "query", "", _no_such_method)

    # --- the shared way ------------------------------------------------------------------------------------------

    def _answered(self, request: Request, on: str, text: str, ask: Ask) -> Response:
        entry = self._request_log.see(request)
        try:
            header = request.headers.get("authorization")
            account = account_of(header, self._accounts(), self._world.now_ms() / 1000)
        except Refusal as error:
            return self._wire(refused(error), entry)
        faults = self._script.draw(on, f"{request.url.path}?{request.url.query}\n{text}")
        reply = self._spoiled(faults, on, _guarded(ask, account, faults))
        return self._wire(reply, entry)

    def _spoiled(self, faults: list[Fault], on: str, work: Work) -> Reply:
        spoiler = next((fault for fault in faults if not (on == "create" and fault.do in TASKS)), None)
        return spoiled(spoiler, work) if spoiler else work()

    def _accounts(self) -> tuple[Account, Account]:
        return self._world.settings.own, self._world.settings.other

    @staticmethod
    def _ok(data: object) -> Reply:
        return Reply(200, answers.envelope(data))

    def _wire(self, reply: Reply, entry: dict[str, object]) -> Response:
        entry["status"] = reply.http
        return Wire(self._dated(reply), self._abort)

    def _dated(self, reply: Reply) -> Reply:
        reply.headers["Date"] = formatdate(self._world.now_ms() / 1000, usegmt=True)
        return reply

    # --- media ---------------------------------------------------------------------------------------------------

    async def _media(self, request: Request) -> Response:
        entry = self._request_log.see(request)
        response = await self._file(request)
        response.headers["Date"] = formatdate(self._world.now_ms() / 1000, usegmt=True)
        entry["status"] = response.status_code
        return response

    async def _file(self, request: Request) -> Response:
        path = request.url.path
        if "authorization" in request.headers:
            self._request_log.accuse("credentials sent to a media address", path)
            if self._world.settings.strict_media:
                return denied("AccessDenied")
        fault = next(iter(self._script.draw("media", path)), None)
        objection = self._world.addresses.objection(path, request.query_params, self._world.now_ms())
        found = self._world.media(token_in(path))
        if objection or found is None or (fault and fault.do == "media_expired"):
            return denied(objection or "AccessDenied")
        if fault and fault.do == "media_html":
            return landing_page()
        file = await asyncio.wrap_future(self._render_cache.render(found[1]))
        return served(file, dict(request.headers), fault, self._abort)


def _guarded(ask: Ask, account: Account, faults: list[Fault]) -> Work:
    def work() -> Reply:
        try:
            return ask(account, faults)
        except Refusal as error:
            return refused(error)

    return work


def _no_such_method(account: Account, faults: list[Fault]) -> Reply:
    raise Refusal(1202)


def _wish(faults: list[Fault]) -> Wish:
    """What the faults of a create ask of its task."""
    wish: Wish = {"quirks": []}
    for fault in faults:
        if fault.do == "seam":
            wish |= {"plant": fault.more["plant"], "amount": fault.more.get("amount", 0.0)}
        elif fault.do == "rendition":
            wish["rendition"] = fault.more
        elif fault.do in ("risk", "stuck"):
            wish[fault.do] = True
        elif fault.do in TASKS:
            wish["quirks"].append(fault.do)
    return wish


def _bare(faults: list[Fault]) -> bool:
    return any(fault.do == "media_no_extension" for fault in faults)
