"""Puts formats, choices and reasons of export into the creator's words."""

from __future__ import annotations

import re

from kling_desktop.domain.exports import ExportJob, ExportState
from kling_desktop.domain.tasks import Trouble
from kling_desktop.errors import ExportFull, ExportUnfit, FileTrouble, Refusal, kind_of
from kling_desktop.studio.films.handing_over.pieces import What
from kling_desktop.ui import formatting
from kling_desktop.ui.i18n import tr, tr_count


def what_words() -> dict[What, str]:
    """What can be exported, in the order of the list."""
    return {
        What.FILM: tr("The whole film"),
        What.TAKE: tr("The film up to this take"),
        What.STRETCH: tr("The new stretch of this take"),
        What.HOPS: tr("Each hop as a file"),
        What.RANGE: tr("From In to Out"),
        What.PICKED: tr("The picked takes, as Kling made them"),
    }


def format_words() -> dict[str, tuple[str, str]]:
    """Key of a format or output -> its name, and in one sentence what it is for."""
    return {
        "original": (tr("As Kling made it"), tr("The very file, byte for byte.")),
        "mp4-copy": (tr("MP4, not coded again"), tr("Quick and without any loss; a cut falls on a key frame.")),
        "h264-near-lossless": (tr("H.264, near lossless"), tr("For further work; large.")),
        "h264-anywhere": (tr("H.264, for anywhere"), tr("Plays on every phone and site.")),
        "h264-small": (tr("H.264, small"), tr("For messages and mail.")),
        "prores-422-hq": (tr("ProRes 422 HQ"), tr("For cutting in Resolve, Premiere or Final Cut.")),
        "dnxhr-hq": (tr("DNxHR HQ"), tr("For cutting in Avid and others.")),
        "gif": (tr("GIF loop"), tr("For chats; few colours, no sound.")),
        "webp": (tr("Animated WebP"), tr("A loop for the web, no sound.")),
        "avif": (tr("AVIF loop"), tr("A small loop for the web, no sound.")),
        "png-sequence": (tr("PNG sequence"), tr("Each frame as a picture, no sound.")),
        "timelines": (tr("Timeline folder"), tr("Media with OTIO, Premiere XML, FCPXML, EDL and a list of seams.")),
        "archive": (tr("Archive"), tr("Originals and all that the library knows, to be opened anywhere.")),
        "seam-stills": (tr("Stills at the seams"), tr("The last old and the first new frame of each seam.")),
        "contact-sheet": (tr("Contact sheet"), tr("The film on one picture.")),
        "prompts-csv": (tr("Prompt sheet, CSV"), tr("Every hop with its words, for a table.")),
        "prompts-text": (tr("Prompts, text"), tr("Every hop with its words, to read.")),
    }


def kind_words(format_key: str) -> str:
    """What a format or output comes out as, by the names that are known everywhere."""
    return {
        "original": "MP4",
        "mp4-copy": "MP4",
        "h264-near-lossless": "MP4",
        "h264-anywhere": "MP4",
        "h264-small": "MP4",
        "prores-422-hq": "MOV",
        "dnxhr-hq": "MOV",
        "gif": "GIF",
        "webp": "WebP",
        "avif": "AVIF",
        "png-sequence": "PNG",
        "timelines": "OTIO",
        "archive": "ZIP",
        "seam-stills": "PNG",
        "contact-sheet": "PNG",
        "prompts-csv": "CSV",
        "prompts-text": "TXT",
    }.get(format_key, "")


def preset_words(title: str) -> str:
    """The name of one of the program's presets; the creator's own stay as they are."""
    return {
        "Small, for messages": tr("Small, for messages"),
        "Chats, at most 10 MB": tr("Chats, at most 10 MB"),
        "Mail, at most 25 MB": tr("Mail, at most 25 MB"),
        "Tall 9:16, cropped": tr("Tall 9:16, cropped"),
        "Tall 9:16, with bars": tr("Tall 9:16, with bars"),
        "Square 1:1, cropped": tr("Square 1:1, cropped"),
        "Wide 16:9, with bars": tr("Wide 16:9, with bars"),
        "Loop for the web, AVIF": tr("Loop for the web, AVIF"),
        "Loop for chats, GIF": tr("Loop for chats, GIF"),
    }.get(title, title)


def refusal(error: ValueError) -> str:
    """Why what was typed, or marked, cannot be exported."""
    return tr(error.sentence, **error.values) if isinstance(error, Refusal) else reason(str(error))


def reason(english: str) -> str:
    """Why something cannot be exported so, or what was lost."""
    several = "The film is made of several files. Export it as H.264 or ProRes, or its clips one by one."
    signed = "The signed C2PA record of the source stays with the original; an export cannot carry it."
    known = {
        several: tr("The film is made of several files. Export it as H.264 or ProRes, or its clips one by one."),
        signed: tr("The signed C2PA record of the source stays with the original; an export cannot carry it."),
        "Only whole clips can be handed out as they are. This one is cut.": tr(
            "Only whole clips can be handed out as they are. This one is cut."
        ),
        "The picture would be changed, and the original stays as it is.": tr(
            "The picture would be changed, and the original stays as it is."
        ),
        "The film is made of several files, which only coding again can join.": tr(
            "The film is made of several files, which only coding again can join."
        ),
        "Its colours are matched to the film, which only coding again can do.": tr(
            "Its colours are matched to the film, which only coding again can do."
        ),
        "Another size or shape needs coding again.": tr("Another size or shape needs coding again."),
        "A clip is not whole. It was archived as it is.": tr("A clip is not whole. It was archived as it is."),
        "A clip is HDR: its file is handed on as it is. Manage its colours in your editor.": tr(
            "A clip is HDR: its file is handed on as it is. Manage its colours in your editor."
        ),
        "A clip is HDR: no poster is made of it, whose colours would be wrong.": tr(
            "A clip is HDR: no poster is made of it, whose colours would be wrong."
        ),
        "Other takes whose files are not there are left out.": tr(
            "Other takes whose files are not there are left out."
        ),
        "Its last picture is shown for less long than in the film, which only coding again can keep.": tr(
            "Its last picture is shown for less long than in the film, which only coding again can keep."
        ),
        "It has no sound.": tr("It has no sound."),
        "It has no seam.": tr("It has no seam."),
        "Some pictures of a clip are damaged; what can be decoded of them is shown.": tr(
            "Some pictures of a clip are damaged; what can be decoded of them is shown."
        ),
        "MP4 cannot hold it as it is coded. Export it as H.264.": tr(
            "MP4 cannot hold it as it is coded. Export it as H.264."
        ),
        "Its end hides pictures that those before it need. Export it as H.264.": tr(
            "Its end hides pictures that those before it need. Export it as H.264."
        ),
        "Not all clips have the film's rate: their pictures are fitted to it.": tr(
            "Not all clips have the film's rate: their pictures are fitted to it."
        ),
        "Not all clips have the film's size: they are fitted into it.": tr(
            "Not all clips have the film's size: they are fitted into it."
        ),
        "The pictures of a clip come unevenly; they are written at an even rate.": tr(
            "The pictures of a clip come unevenly; they are written at an even rate."
        ),
        "Not all clips have sound: where there is none it is silent.": tr(
            "Not all clips have sound: where there is none it is silent."
        ),
        "This format holds no sound: that of the film is left out.": tr(
            "This format holds no sound: that of the film is left out."
        ),
        "The sound of a clip has more than two channels: it is mixed down to stereo.": tr(
            "The sound of a clip has more than two channels: it is mixed down to stereo."
        ),
        "The shades of a clip are finer than what is written, which has 8 bits.": tr(
            "The shades of a clip are finer than what is written, which has 8 bits."
        ),
        "A clip is interlaced: where its two fields make a comb, one of them is kept.": tr(
            "A clip is interlaced: where its two fields make a comb, one of them is kept."
        ),
        "The files are not all of one rate and size: each keeps its own.": tr(
            "The files are not all of one rate and size: each keeps its own."
        ),
    }
    return known.get(english) or _with_values(english)


# Compiled when one is looked for: an export has failed then, or asks.
_CUTS = (
    r"Without coding again it can be cut only at (?P<start>\S+) s and (?P<until>\S+) s"
    r" \(wanted: (?P<begin>\S+) s and (?P<end>.+)\)\."
)
_TOO_SMALL = r"(?P<format>.+) needs at least (?P<width>\d+) × (?P<height>\d+) pixels\."
_NO_ROOM = r"about (?P<needed>\d+) MB are needed, (?P<free>\d+) MB are free"
_TOO_LARGE = r"It cannot be made as small as (?P<size>[0-9.]+) MB\. Choose a smaller size or a shorter stretch\."
_LOOP_RATE = r"A loop has between 1 and (?P<most>\d+) pictures a second\."


def _with_values(english: str) -> str:
    """What is put together with values, in the creator's language; anything else as it is."""
    if found := re.fullmatch(_CUTS, english):
        values = found.groupdict() | ({"end": tr("the end")} if found["end"] == "the end" else {})
        return tr(
            "Without coding again it can be cut only at {start} s and {until} s (wanted: {begin} s and {end}).",
            **values,
        )
    if found := re.fullmatch(_TOO_SMALL, english):
        return tr("{format} needs at least {width} × {height} pixels.", **found.groupdict())
    if found := re.fullmatch(_NO_ROOM, english):
        return tr("About {needed} MB are needed, {free} MB are free.", **found.groupdict())
    if found := re.fullmatch(_TOO_LARGE, english):
        return tr(
            "It cannot be made as small as {size} MB. Choose a smaller size or a shorter stretch.", **found.groupdict()
        )
    if found := re.fullmatch(_LOOP_RATE, english):
        return tr("A loop has between 1 and {most} pictures a second.", **found.groupdict())
    return english


def job_words(job: ExportJob, *, paused: bool = False) -> str:
    """How an export stands."""
    match job.state:
        case ExportState.WAITING:
            return tr("Waits, the exports are paused") if paused else tr("Waits")
        case ExportState.RUNNING:
            return _running_words(job, paused=paused)
        case ExportState.DONE:
            return " ".join((tr("Written."), *(reason(note) for note in job.notes)))
        case ExportState.FAILED if job.trouble is not None:
            return _why_failed(job.trouble)
        case ExportState.FAILED:
            return tr("Failed")
        case ExportState.STOPPED:
            return tr("Stopped; nothing of it was left")


def _why_failed(trouble: Trouble) -> str:
    """What happened, and what helps. The system's own words come last, and not where the title has said so."""
    error, detail = kind_of(trouble), reason(trouble.message)
    is_of_files = issubclass(error, (FileTrouble, ExportFull))  # what helps is else said of a download
    advice = tr(error.advice) if is_of_files and not issubclass(error, ExportUnfit) else ""
    if issubclass(error, ExportFull) and detail == trouble.message:
        detail = ""
    return " ".join(each for each in (f"{tr(error.title)}.", advice, detail) if each)


def _running_words(job: ExportJob, *, paused: bool) -> str:
    if not job.total:
        return tr("Begins…")
    counts_bytes = job.format_key in ("original", "archive", "timelines")
    done, total = (
        (formatting.size(job.done), formatting.size(job.total))
        if counts_bytes
        else (formatting.number(job.done), tr_count(job.total, "{n} frame", "{n} frames"))
    )
    said = tr("{done} of {total}", done=done, total=total)
    if paused:
        return tr("{progress}, paused", progress=said)
    if job.done >= job.total:  # of a long film, or on a slow disk, that takes its time
        return tr("{progress}, being read back", progress=said)
    if job.seconds_left is None:
        return said
    return tr("{progress}, {time} left", progress=said, time=formatting.lasting(job.seconds_left))
