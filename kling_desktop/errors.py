"""What can go wrong. Each error says what happened, what to do, whether it cost units, and offers one remedy.

    KlingDesktopError
    ├── Refused                 Kling answered: nothing was made
    │   ├── SignInRefused       1000 1001 1002
    │   │   └── ClockWrong      1003 1004
    │   ├── AccountStopped      1100
    │   │   ├── AccountEmpty    1101 1102
    │   │   ├── NotPermitted    1103
    │   │   └── AddressBlocked  1304
    │   ├── Busy                1302
    │   │   └── SlotsFull       1303
    │   ├── ContentRefused      1300 1301
    │   └── BadRequest          1200 1201 1202
    │       ├── VideoUnknown    1201 "From video not found"
    │       ├── VideoIneligible 1201 about model or length
    │       ├── DuplicateId     1201 "already exists"
    │       ├── PromptMissing   found before sending: a new clip needs words
    │       ├── FrameMissing    found before sending: the frame that a clip goes on from is not there
    │       ├── PictureUnfit    found before sending: a picture that Kling does not take
    │       │   ├── PictureTooLarge
    │       │   ├── PictureTooSmall
    │       │   ├── PictureTooLong   for its height, or for its width
    │       │   │   └── FrameTooLong the last frame of a video that is to be continued
    │       │   ├── PictureHeic
    │       │   ├── PictureForeign   neither PNG nor JPEG
    │       │   ├── PictureBroken
    │       │   └── PictureMissing   moved or deleted before it was sent
    │       └── NotFound        1203
    │           └── ModelRetired     1203 "discontinued"
    │               └── ModelUnserved     1203 about a new clip
    ├── Uncertain               the request left, its answer is lost: a create may have been taken
    │   ├── Untraced            looked up for two minutes, and Kling does not know it
    │   ├── Interrupted         the program ended before the answer came
    │   ├── TimedOut
    │   ├── ConnectionLost
    │   ├── Unreadable          HTML, empty or broken body, or about another task
    │   ├── ForeignAnswer       4xx without Kling's envelope: something on the way answered
    │   └── ServerTrouble       5000 5002 502 503 504
    │       └── Maintenance     5001
    ├── Unanswered              a question (GET) got no usable answer: nothing was sent that could cost
    │   ├── AnswerUnreadable    no envelope of Kling's, or about another task
    │   ├── KlingTroubled       5000 5001 5002 502 503 504
    │   ├── AskedTooOften       1302 1303 429
    │   └── QuestionRefused     any other refusal of a question
    ├── Unreachable             no connection was made: nothing was sent
    │   ├── ProxyUnreachable    the proxy that the system names lets nothing through
    │   ├── TlsRefused          the certificate that came is not one to be trusted
    │   ├── SandboxUnusable     the pretended Kling cannot be started on this computer
    │   └── AddressWrong        the profile's address is not one that keys may be sent to
    ├── TaskFailed              accepted, and failed at Kling
    │   ├── RiskControl
    │   ├── FailedYetCharged    and Kling names units all the same
    │   └── Vanished            Kling no longer knows a task it had accepted
    ├── DownloadFailed
    │   ├── DownloadInterrupted connection lost, server busy, or stopped by us: goes on later
    │   │   ├── HostUnreachable no connection to the file's host, or none that can be trusted
    │   │   ├── AddressRefused  403 404 410: a fresh address is asked for
    │   │   └── SignInPage      a network's page came in the file's place
    │   ├── FileUnnamed         Kling calls the task done, again and again, and names no file
    │   ├── LinkExpired
    │   ├── CopyMissing         the watermarked one; the take itself is kept
    │   ├── NotAVideo
    │   ├── Truncated
    │   │   └── FilmTooShort    whole, but far shorter than Kling says: perhaps another film
    │   └── DiskFull
    │       └── ExportFull      the disk that an export or a copy goes to: nothing waits for it
    ├── OverBudget              the creator's own cap of the day: nothing left
    │   ├── OverFilmBudget
    │   └── OverPlanBudget
    ├── KeysMissing             a profile without credentials in reach
    ├── KeyringTrouble
    │   ├── KeyringMissing
    │   ├── KeyringLocked
    │   └── KeyringAwaited      it has not answered yet: what waits for it goes on then
    │       └── KeyringSilent   what was asked meanwhile has to be asked again
    ├── StoreTrouble
    │   ├── StoreNewer          written by a newer version of the program
    │   ├── StoreForeign        another program's database lies where the library would
    │   ├── StoreBusy           another program holds the library just now
    │   ├── DamageMet           a query met a page that cannot be read
    │   └── StoreDamaged        and was set aside
    │       └── StoreMended     what could still be read is in a new library
    ├── FileTrouble             a file cannot be read or written
    │   ├── ExportDiffers       what was written, read back, is not what was meant
    │   ├── SourceChanged       another program writes a video of the film while it is exported
    │   ├── ExportUnfit         a film that cannot be handed out so
    │   ├── LibrarysOwn         a copy was to be written over a take of the library
    │   ├── LibraryFull         the disk has no room for the library's own rows
    │   ├── DataFolderUnusable  the data folder cannot be made or written: the program cannot start in it
    │   ├── PictureChanges      the size of the picture changes inside a film
    │   ├── SettingsUnread      the file of settings cannot be read, and was set aside
    │   ├── FileGone            it was moved, renamed or deleted
    │   │   └── FileOutOfReach  and its folder with it: the drive or share is not there
    │   ├── FileTooLarge        for the disk that it is written to
    │   ├── ArchiveNewer        written by a newer version of the program
    │   ├── ExportAway          the drive or share that an export goes to is not there
    │   ├── TextForeign         a file that was to be read as plain text
    │   │   └── TextTooLong     of words, and more than any plan holds
    │   └── DriveAbsent         the drive or share that a take lies on is not there
    ├── HdrVideo                a film whose colours cannot be brought into ours
    ├── VideoUnfit              a file brought in that no film can begin with
    │   ├── NoPicture           sound, or nothing
    │   ├── PictureLocked       encrypted, or of a kind that nobody here knows
    │   ├── OneFrame
    │   └── VideoIncomplete     its end is missing
    ├── UpdateUnknown           whether there is a newer version could not be learnt
    ├── PortTaken               the port for callbacks is in use
    ├── SandboxEnded            the pretended Kling, again and again
    ├── SecretMissing           callbacks from other computers, and no secret to know them by
    ├── AlreadyRunning          another window has this data directory, and does not answer
    └── ProgramExchanged        the program's own file is another one by now, or has gone

`str(error)` is for logs and never holds a secret; the screen shows `title` and `advice`, translated.
"""

from __future__ import annotations

import errno
from enum import Enum, StrEnum, auto
from pathlib import Path

from kling_desktop.domain.places.drives import DRIVES
from kling_desktop.domain.tasks import Trouble


class Charge(StrEnum):
    """Whether the creator paid for it."""

    NO = "Not charged"
    UNKNOWN = "Not known yet"
    YES = "Charged"


class Remedy(Enum):
    """The one thing worth a button, for an error by itself or for a task that is in it."""

    NONE = auto()
    """Nothing helps, or nothing is needed."""
    EDIT_PROMPT = auto()
    """Put the words into the form, to be changed and sent as a new task."""
    PICK_CLIP = auto()
    """Put the words into the form, and let another clip be picked for them."""
    USE_MODEL = auto()
    """Put the words into the form with the next model that Kling serves, to be sent as a new task."""
    CHECK_KEYS = auto()
    CHECK_CLOCK = auto()
    OPEN_CONSOLE = auto()
    TRY_AGAIN = auto()
    """The same as a new task with a new id, linked to the old one."""
    SEND_AGAIN = auto()
    """The same task with the same id: Kling refuses it if it has it already."""
    LOOK_UP = auto()
    """Ask Kling about the task now."""
    IDENTIFY = auto()
    """Another task of the account has this task's id: find out which clip that one made."""
    WAIT = auto()
    """It goes on by itself."""
    SEND_NOW = auto()
    """Do not wait any longer with what waits here."""
    SEND_ANYWAY = auto()
    """Send this one whatever the budget says."""
    FETCH = auto()
    """Try again to bring the finished take home."""
    FREE_SPACE = auto()
    """Keep takes in another folder."""


class Refusal(ValueError):
    """What was typed cannot be used, and this is why; said in the creator's language where it is shown."""

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence.format(**values))
        self.sentence = sentence
        self.values = values


class KlingDesktopError(Exception):
    """Root of all errors that the program expects."""

    title = "Something went wrong"
    advice = "Try again. If it happens again, save a report from the Help menu."
    charge = Charge.NO
    retry_safe = True
    """Whether asking the same again, as a new task, cannot cost twice."""
    remedy = Remedy.TRY_AGAIN

    def __init__(
        self,
        message: str = "",
        *,
        code: int | None = None,
        request_id: str = "",
        http: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        """The service's or system's own words, raw; holds no secret and no signed address."""
        self.code = code
        self.request_id = request_id
        self.http = http
        self.retry_after = retry_after
        """Seconds that the service asked us to wait, when it did."""

    def __str__(self) -> str:
        parts = [type(self).__name__, *(str(p) for p in (self.code, self.message) if p not in (None, ""))]
        return ": ".join(parts)

    @property
    def trouble(self) -> Trouble:
        """The error in the form in which a task keeps it."""
        return Trouble(type(self).__name__, self.code, self.message, self.request_id, self.http)


class Refused(KlingDesktopError):
    title = "Kling refused the request"
    advice = "Nothing was made and nothing was charged. Read Kling's words below, change the request, send it again."


class SignInRefused(Refused):
    title = "Kling did not accept your keys"
    advice = "Check that the keys are complete, not deleted, and belong to the region that you chose."
    remedy = Remedy.CHECK_KEYS


class ClockWrong(SignInRefused):
    title = "This computer's clock seems to be wrong"
    advice = "Kling's sign-in depends on the time. Set the clock to the right time (automatic is best), then try again."
    remedy = Remedy.CHECK_CLOCK


class AccountStopped(Refused):
    title = "Kling has stopped this account"
    advice = "Open the Kling console to see why. Other profiles go on working."
    remedy = Remedy.OPEN_CONSOLE


class AccountEmpty(AccountStopped):
    title = "The account has no units left"
    advice = "The resource pack is used up or has expired. Buy a pack in the Kling console; your queue waits here."


class NotPermitted(AccountStopped):
    title = "The account may not use video extension"
    advice = "Ask for access to this function in the Kling console, or use another profile."


class AddressBlocked(AccountStopped):
    title = "Kling does not allow this network address"
    advice = "The account has an address list, and this network is not on it. Change it in the Kling console."


class Busy(Refused):
    title = "Kling asks us to slow down"
    advice = "Nothing to do: the task waits here and is sent when Kling is ready for it."
    remedy = Remedy.WAIT


class SlotsFull(Busy):
    title = "All of the account's slots are in use"
    advice = "Nothing to do: the task waits here and is sent when one of your running tasks ends."


class ContentRefused(Refused):
    title = "Kling's content check refused the prompt"
    advice = "Change the wording and send it again. Nothing was charged."
    remedy = Remedy.EDIT_PROMPT


class BadRequest(Refused):
    title = "Kling did not understand the request"
    advice = "Read Kling's words below; they name the field. Change it and send again."
    remedy = Remedy.EDIT_PROMPT


class VideoUnknown(BadRequest):
    title = "Kling does not find this clip"
    advice = (
        "It may be a task ID instead of a video ID, older than 30 days, made in the Kling web app, "
        "or belong to another account or region. Pick another clip."
    )
    remedy = Remedy.PICK_CLIP


class VideoIneligible(BadRequest):
    title = "This clip cannot be extended"
    advice = "Kling extends videos of the models V1.0, V1.5 and V1.6 up to 3 minutes. Pick another clip."
    remedy = Remedy.PICK_CLIP


class DuplicateId(BadRequest):
    title = "A task with this ID exists already"
    advice = "Kling has a task under this ID, so it was not made twice. Look it up to see how it stands."
    remedy = Remedy.LOOK_UP


class PromptMissing(BadRequest):
    title = "A new clip needs a prompt"
    advice = "Write what happens next, then send it again. Nothing was sent."


class FrameMissing(BadRequest):
    title = "The frame that this clip begins with is no longer here"
    advice = "Send it from the form once more: the frame is taken from the film as before. Nothing was sent."


class PictureUnfit(BadRequest):
    title = "Kling does not take this picture"
    advice = (
        "It takes PNG and JPEG under 10 MB, at least 300 pixels a side, between 1:2.5 and 2.5:1. "
        "Choose another picture. Nothing was sent."
    )
    remedy = Remedy.PICK_CLIP


class PictureTooLarge(PictureUnfit):
    title = "This picture is over 10 MB"
    advice = "Kling takes pictures under 10 MB. Save it smaller, or as JPEG. Nothing was sent."


class PictureTooSmall(PictureUnfit):
    title = "This picture is too small"
    advice = "Kling takes pictures of at least 300 pixels a side. Choose a larger one. Nothing was sent."


class PictureTooLong(PictureUnfit):
    title = "This picture is too wide or too high"
    advice = "Kling takes shapes between 1:2.5 and 2.5:1. Crop it, or choose another one. Nothing was sent."


class FrameTooLong(PictureTooLong):
    title = "This video is too wide or too high to be continued"
    advice = (
        "A new clip begins with its last frame, and Kling takes shapes between 1:2.5 and 2.5:1. "
        "Crop the video, then bring it in again. Nothing was sent."
    )


class PictureHeic(PictureUnfit):
    title = "This is a HEIC picture, as phones make them"
    advice = "Kling takes PNG and JPEG only. Save it as JPEG, then choose it again. Nothing was sent."


class PictureForeign(PictureUnfit):
    title = "This is no PNG or JPEG"
    advice = "Kling takes PNG and JPEG only. Choose another picture, or save this one as JPEG. Nothing was sent."


class PictureBroken(PictureUnfit):
    title = "This picture is damaged"
    advice = "It cannot be read to its end. Choose another one, or save it again. Nothing was sent."


class PictureMissing(PictureUnfit):
    title = "A picture that this clip is to be made with cannot be read"
    advice = "It was moved or deleted, or its drive is away. Choose it again, then send it once more. Nothing was sent."


class NotFound(BadRequest):
    title = "Kling does not find it"
    advice = "The task, clip or model does not exist for this account. It may be deleted, or belong to another region."
    remedy = Remedy.PICK_CLIP


class ModelRetired(NotFound):
    title = "Kling has retired this clip's model"
    advice = "Clips of retired models can no longer be extended. Kept files still play and export."


class ModelUnserved(ModelRetired):
    title = "Kling no longer serves this model"
    advice = "Your words are safe. Take another model for them: nothing is sent before you send it."
    remedy = Remedy.USE_MODEL


class Uncertain(KlingDesktopError):
    title = "The answer from Kling was lost"
    advice = "The program is checking whether Kling took it, and does not send it again by itself."
    charge = Charge.UNKNOWN
    retry_safe = False
    remedy = Remedy.LOOK_UP


class Untraced(Uncertain):
    title = "Kling does not seem to have taken it"
    advice = "You decide: 'Send again' uses the same ID, so if Kling has it after all, it refuses the double."
    remedy = Remedy.SEND_AGAIN


class Interrupted(Uncertain):
    title = "The program ended before Kling answered"


class TimedOut(Uncertain):
    title = "Kling did not answer in time"


class ConnectionLost(Uncertain):
    title = "The connection broke before Kling answered"


class Unreadable(Uncertain):
    title = "Kling's answer could not be read"


class ForeignAnswer(Uncertain):
    title = "Something on the way answered in Kling's place"


class ServerTrouble(Uncertain):
    title = "Kling has trouble on its side"


class Maintenance(ServerTrouble):
    title = "Kling is under maintenance"


class Unanswered(KlingDesktopError):
    title = "Kling did not answer a question"
    advice = "It was only a question about how things stand: it changes nothing at Kling and costs nothing."


class AnswerUnreadable(Unanswered):
    title = "Kling's answer to a question could not be read"
    advice = (
        "Something on the way, such as a proxy or a network's sign-in page, may have answered in Kling's place. "
        "It was only a question: it changes nothing at Kling and costs nothing."
    )


class KlingTroubled(Unanswered):
    title = "Kling has trouble on its side and cannot answer"


class AskedTooOften(Unanswered):
    title = "Kling asks for fewer questions"


class QuestionRefused(Unanswered):
    title = "Kling refused to answer a question"
    advice = "It was only a question: it changes nothing at Kling and costs nothing."


class Unreachable(KlingDesktopError):
    title = "Kling cannot be reached"
    advice = "Check the network connection. Nothing was sent; the program goes on by itself when it is back."
    remedy = Remedy.WAIT


class SandboxUnusable(Unreachable):
    title = "The sandbox cannot be started"
    advice = (
        "It keeps its world in the folder 'sandbox' inside the program's data folder. See that this is a folder in "
        "which you may write, and that the disk has room. Nothing was sent; it is tried again by itself."
    )


class ProxyUnreachable(Unreachable):
    title = "The proxy lets nothing through"
    advice = (
        "This system sends all connections through a proxy, which does not answer or does not reach Kling. Start it, "
        "or change the proxy in the system's settings and start this program again. Nothing was sent; the program goes "
        "on by itself when the proxy does."
    )


class TlsRefused(Unreachable):
    title = "The secure connection was refused"
    advice = (
        "Somebody on the way, such as a company that inspects its traffic, shows a certificate that is not trusted, or "
        "this computer's date is wrong. Nothing was sent; the program goes on by itself when the connection is sound."
    )


class AddressWrong(Unreachable):
    title = "This service address cannot be used"
    advice = "Enter an address that begins with https:// and has no password in it. Nothing was sent."
    remedy = Remedy.CHECK_KEYS


class TaskFailed(KlingDesktopError):
    title = "Kling could not make this take"
    advice = "Kling does not charge for failed tasks. Change the prompt or try again."


class RiskControl(TaskFailed):
    title = "Kling's content check stopped this take"
    advice = "Change the wording and try again; the same words sometimes pass later. Failed tasks are not charged."
    remedy = Remedy.EDIT_PROMPT


class FailedYetCharged(TaskFailed):
    title = "Kling could not make this take, and charged for it"
    advice = "Kling names units for it though it failed. Kling's support can tell why; asking again may cost again."
    charge = Charge.YES


class Vanished(TaskFailed):
    title = "Kling no longer knows this task"
    advice = "It may be deleted on Kling's side. The program goes on asking now and then; what you have on disk stays."
    charge = Charge.UNKNOWN
    retry_safe = False
    remedy = Remedy.LOOK_UP


class DownloadFailed(KlingDesktopError):
    title = "The take could not be downloaded"
    advice = "It is safe at Kling until it expires. Try again."
    charge = Charge.YES


class DownloadInterrupted(DownloadFailed):
    title = "The download was interrupted"
    advice = "It goes on by itself, from where it stopped when Kling allows that."
    remedy = Remedy.WAIT


class HostUnreachable(DownloadInterrupted):
    title = "The file's server cannot be reached"
    advice = "The program goes on by itself, asks Kling for a fresh address, and tries ever more rarely."


class AddressRefused(DownloadInterrupted):
    title = "The take's address is refused"
    advice = "The program goes on by itself, asks Kling for a fresh address, and tries ever more rarely."


class SignInPage(DownloadInterrupted):
    title = "Waiting for the network: a web page came in the take's place"
    advice = "This network may want you to sign in: open any page in a browser. The download then goes on by itself."


class FileUnnamed(DownloadFailed):
    title = "Kling calls it done and names no file"
    advice = "It is asked for once more at the next start, and whenever you press the button."


class LinkExpired(DownloadFailed):
    title = "Kling has deleted this file"
    advice = "Kling keeps videos for 30 days. If you have no copy, it cannot be fetched any more."
    remedy = Remedy.NONE


class CopyMissing(DownloadFailed):
    title = "The watermarked copy cannot be had"
    advice = "Kling's server refused it again and again. The take itself is here and whole."
    remedy = Remedy.NONE


class NotAVideo(DownloadFailed):
    title = "What came is not a video"
    advice = "Something on the way answered in Kling's place, such as a network's sign-in page. Try again."


class Truncated(DownloadFailed):
    title = "The file arrived incomplete"


class FilmTooShort(Truncated):
    title = "The film that came is too short"
    advice = "Kling says that it lasts longer. It is asked for again by itself; what comes three times is kept so."
    remedy = Remedy.WAIT


class DiskFull(DownloadFailed):
    title = "The disk is full"
    advice = "Free some space or choose another library folder. Downloads wait and go on by themselves."
    remedy = Remedy.FREE_SPACE


class ExportFull(DiskFull):
    advice = "Free some space or choose another folder, then start it again. Nothing of it was left behind."


class OverBudget(KlingDesktopError):
    title = "Waits for tomorrow's budget"
    advice = (
        "Today's budget does not allow it. It goes tomorrow by itself, unless it costs more than a whole day's budget. "
        "Or raise the budget, or send it once anyway."
    )
    remedy = Remedy.WAIT


class OverFilmBudget(OverBudget):
    title = "Waits: too little is left of this film's budget"
    advice = "Nothing was sent. Raise the budget of this film, or send it once anyway."


class OverPlanBudget(OverBudget):
    title = "Waits: too little is left of this plan's budget"
    advice = "Nothing was sent. Raise the budget of this plan, or send it once anyway."


class KeysMissing(KlingDesktopError):
    title = "No keys for this profile"
    advice = "Enter the keys of this profile. Its tasks wait and go on as soon as the keys are there."
    remedy = Remedy.CHECK_KEYS


class KeyringTrouble(KlingDesktopError):
    title = "The system's keyring does not work"
    advice = "The keys are kept for this session only. Unlock the keyring, or enter the keys again next time."
    remedy = Remedy.CHECK_KEYS


class KeyringMissing(KeyringTrouble):
    title = "This system has no keyring"
    advice = "The keys are kept for this session only. Install a keyring service to keep them safely."


class KeyringLocked(KeyringTrouble):
    title = "The system's keyring is locked"


class KeyringAwaited(KeyringTrouble):
    title = "Waiting for the system's keyring"
    advice = "It may be asking for its password in a window of its own. This goes on by itself as soon as it answers."


class KeyringSilent(KeyringAwaited):
    title = "The system's keyring has not answered"
    advice = "It may be asking for its password in a window of its own. Try again when it has it."


class StoreTrouble(KlingDesktopError):
    title = "The library cannot be opened"
    remedy = Remedy.NONE


class StoreNewer(StoreTrouble):
    title = "This library was written by a newer version"
    advice = "Update Kling Desktop, then start it again. Nothing in the library was changed."


class StoreForeign(StoreTrouble):
    title = "Another program's file lies where the library would"
    advice = "It was not changed. Choose another data folder, or move that file away."
    remedy = Remedy.FREE_SPACE


class StoreDamaged(StoreTrouble):
    title = "The library was damaged"
    advice = "It was set aside, not deleted. Use 'Find my takes' to bring back what Kling and your disk still have."


class StoreMended(StoreDamaged):
    title = "The library was damaged and has been mended"
    advice = (
        "What could still be read was carried over; the damaged file was set aside, not deleted. "
        "Use 'Find my takes' to bring back the rest from Kling and your disk."
    )


class DamageMet(StoreTrouble):
    title = "The library is damaged"
    advice = "Close the program and start it again: what can still be read is then carried over into a new library."


class StoreBusy(StoreTrouble):
    title = "Another program is writing to the library"
    advice = "Nothing is lost: what waits here is written, and only then sent, as soon as the other one is done."


class FileTrouble(KlingDesktopError):
    title = "The file cannot be used"
    advice = "Check that the folder exists and that you may read and write there, then try again."
    remedy = Remedy.FREE_SPACE


class UpdateUnknown(KlingDesktopError):
    title = "Whether there is a newer version could not be learnt"
    advice = "Try again later. Nothing was changed, and nothing was downloaded."


class FileGone(FileTrouble):
    title = "The file is no longer where it was"
    advice = "It was moved, renamed or deleted. Put it back, or bring the video in again: it finds its film by itself."
    remedy = Remedy.NONE


class FileTooLarge(FileTrouble):
    title = "This disk takes no file so large"
    advice = "Sticks and cards often take 4 GB in one file. Choose a folder on another disk, or a smaller format."


class TextForeign(FileTrouble):
    title = "This file cannot be read as text"
    advice = "Save it as plain text in UTF-8, then open it again."
    remedy = Remedy.NONE


class TextTooLong(TextForeign):
    title = "This file is larger than any plan"
    advice = "A plan holds 400 hops. Keep their words alone in the file, one hop a line, then open it again."


class FileOutOfReach(FileGone):
    title = "The drive or share with this film's files is not there"
    advice = "Connect it, then try again. Nothing is lost."
    remedy = Remedy.TRY_AGAIN


class ArchiveNewer(FileTrouble):
    title = "This archive was written by a newer version"
    advice = "Update Kling Desktop, then open it again. Nothing in it was changed."


class ExportAway(FileTrouble):
    title = "The drive or share of this export is not there"
    advice = "Connect it, then start it again, or choose another folder. Nothing was put in its place."


class HdrVideo(KlingDesktopError):
    title = "This video is HDR"
    advice = "Its colours would come out wrong. Save it as SDR in the program that made it, then bring it in again."
    remedy = Remedy.PICK_CLIP


class VideoUnfit(KlingDesktopError):
    title = "This file cannot be read as a video"
    advice = "Bring in an MP4, MOV, WebM or MKV that plays on this computer."
    remedy = Remedy.NONE


class NoPicture(VideoUnfit):
    title = "There is no picture in this file"
    advice = "A film begins with moving pictures; this file has sound only, or nothing."


class PictureLocked(VideoUnfit):
    title = "The picture of this file is protected"
    advice = "It is encrypted, or of a kind that is not known here. Bring in a copy without protection."


class OneFrame(VideoUnfit):
    title = "This file holds a single frame"
    advice = "A film needs two at least."


class VideoIncomplete(VideoUnfit):
    title = "The end of this file is missing"
    advice = "It was cut off while it was copied or written. Copy it again, then bring it in again."


class ExportDiffers(FileTrouble):
    title = "The export came out wrong"
    advice = "It was read back and is not what it should be, so it was removed. The originals are unharmed. Try again."
    remedy = Remedy.TRY_AGAIN


class SourceChanged(FileTrouble):
    title = "A video of the film changed while it was exported"
    advice = "Another program wrote it meanwhile. Wait until that has ended, then try again. No half export was left."
    remedy = Remedy.TRY_AGAIN


class ExportUnfit(FileTrouble):
    title = "The film cannot be exported like this"
    advice = "Choose another format, name or folder. The reason stands below."
    remedy = Remedy.NONE


class LibrarysOwn(FileTrouble):
    title = "This file is a take of the library"
    advice = "A copy written over it would spoil that take. Choose another name or another folder."


class LibraryFull(FileTrouble):
    title = "The disk is full: the library cannot be written"
    advice = "Free some space. What waits here is not sent before there is room; it then goes on by itself."


class DataFolderUnusable(FileTrouble):
    title = "Kling Desktop cannot start in its data folder"
    advice = "The folder cannot be made, may not be written, or its disk is full. Choose another folder, or free space."


class SettingsUnread(FileTrouble):
    title = "Your settings could not be read"
    advice = (
        "The usual ones are at work instead; your file was kept beside them as 'settings.damaged-…'. Connect your "
        "account again, and look in the settings whether takes are kept where you want them."
    )
    remedy = Remedy.NONE


class PictureChanges(FileTrouble):
    title = "The size of the picture changes inside this film"
    advice = "It plays, and is kept as it came, but nothing can be measured in it: no seams, no drift, no last frame."
    remedy = Remedy.NONE


class DriveAbsent(FileTrouble):
    title = "The drive or share with the takes is not there"
    advice = "Connect it. Nothing is lost, and takes are put nowhere else; the program looks again by itself."
    remedy = Remedy.WAIT


class PortTaken(KlingDesktopError):
    title = "The port for callbacks cannot be opened"
    advice = "Another program uses it, or it is not yours to use. Choose another port in Settings, under Advanced."
    remedy = Remedy.NONE


class SandboxEnded(KlingDesktopError):
    title = "The sandbox has stopped"
    advice = "It ended several times by itself. Start the program again: what was being made there goes on from then."
    remedy = Remedy.NONE


class SecretMissing(KlingDesktopError):
    title = "Callbacks from other computers need a secret"
    advice = "Without one anybody could send them. Paste the webhook secret from Kling's console, or listen here only."
    remedy = Remedy.NONE


class AlreadyRunning(KlingDesktopError):
    title = "Kling Desktop is already running and does not answer"
    advice = "Wait a moment and start it again. If that does not help, end the running program first."
    remedy = Remedy.NONE


class ProgramExchanged(KlingDesktopError):
    title = "Kling Desktop was updated or removed while it was running"
    advice = "Close it and start it again: what is not open yet can no longer be loaded. What Kling makes goes on."
    remedy = Remedy.NONE


def kind_of(trouble: Trouble) -> type[KlingDesktopError]:
    """The error class that a kept trouble names; the root for a name of an older or newer version."""
    return kind_named(trouble.error)


def kind_named(name: str) -> type[KlingDesktopError]:
    """The same by the name alone."""
    return _BY_NAME.get(name, KlingDesktopError)


def is_said_by_kling(trouble: Trouble) -> bool:
    """Whether a trouble's message is Kling's own words; else they are those of a library or of this system."""
    kind = kind_of(trouble)
    was_asked = issubclass(kind, (Refused, TaskFailed, QuestionRefused)) and not issubclass(kind, _FOUND_BEFORE_SENDING)
    return trouble.code is not None or was_asked


_FOUND_BEFORE_SENDING = (PromptMissing, FrameMissing, PictureUnfit)


_DRIVE_AWAY = {
    code
    for name in ("ENODEV", "ENXIO", "ESTALE", "ENOTCONN", "EHOSTDOWN", "EHOSTUNREACH")
    if (code := getattr(errno, name, None)) is not None
}
"""What a system says of a drive that was pulled out, and of a share whose server is away; not all know all of it."""


def is_drive_away(number: int | None) -> bool:
    """Whether the system's number (`errno`) says that a drive or share is not there."""
    return number in _DRIVE_AWAY


def unreadable(file: Path, error: Exception) -> FileTrouble:
    """Why a file could not be read: away together with its drive, gone by itself, or here and not to be read."""
    words = f"{file}: {getattr(error, 'strerror', None) or error}"
    number = getattr(error, "errno", None)
    is_missing = number in (errno.ENOENT, errno.EIO)
    if is_drive_away(number) or (is_missing and (not file.parent.is_dir() or DRIVES.is_away(file))):
        return FileOutOfReach(words)
    return FileGone(words) if number == errno.ENOENT else FileTrouble(words)


def unwritable(name: str, number: int | None, words: str, full: type[DiskFull] = DiskFull) -> KlingDesktopError:
    """What the system says, by number (`errno`) and in words, of a file that is to be written."""
    if number in (errno.ENOSPC, errno.EDQUOT):
        return full(f"{name}: {words}")
    return (FileTooLarge if number == errno.EFBIG else FileTrouble)(f"{name}: {words}")


def _family(error: type[KlingDesktopError]) -> list[type[KlingDesktopError]]:
    return [error, *(e for child in error.__subclasses__() for e in _family(child))]


EVERY_ERROR: tuple[type[KlingDesktopError], ...] = tuple(dict.fromkeys(_family(KlingDesktopError)))
_BY_NAME = {error.__name__: error for error in EVERY_ERROR}
