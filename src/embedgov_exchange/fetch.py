"""Download the sources that can be downloaded, and verify that they are those that were read."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from embedgov_study import data

from .errors import SourceError


def fetch(into: Path, folder: Path) -> dict[str, Path]:
    """Download every source whose address and sha256 are in ``registry/sources.csv``.

    Parameters
    ----------
    into
        Folder for the files, made if need be. A file that is there already and is the right one
        is not downloaded again; another file of that name is an error.
    folder
        Folder that holds ``datapackage.json``.

    Returns
    -------
    dict
        The file of each source, by the source's id.

    Raises
    ------
    SourceError
        A file could not be downloaded or stored, or is another than the one that was read; it is
        not kept then.
    """
    sources = data.table("sources", folder).dropna(subset=["url", "sha256"])
    return {row.source_id: _fetched(row, Path(into)) for row in sources.itertuples()}


def _fetched(source, into: Path) -> Path:
    import pooch
    import requests  # both take a while, and `embedgov --help` needs neither

    pooch.get_logger().setLevel("WARNING")
    path = into / f"{source.source_id}{Path(unquote(urlsplit(source.url).path)).suffix}"
    try:
        if path.exists() and pooch.file_hash(path) != source.sha256:
            raise SourceError(
                f"{path} is there and is not the file that was read: move it away, or "
                "name another folder by --into"
            )
        return Path(
            pooch.retrieve(
                # GitHub shows a page about a file at /blob/, and the file itself at /raw/
                source.url.replace("/blob/", "/raw/", 1),
                f"sha256:{source.sha256}",
                fname=path.name,
                path=into,
                downloader=pooch.HTTPDownloader(progressbar=True, timeout=60),
            )
        )
    except requests.RequestException as error:
        answer = error.response
        what = "cannot be reached or broke off"
        if answer is not None:
            what = f"answers {answer.status_code} {answer.reason}"
        raise SourceError(
            f"{source.url} could not be downloaded: the server {what}; check the "
            f"network and try again, or download it by hand to {path}"
        ) from error
    except OSError as error:
        raise SourceError(
            f"{path} could not be written ({error.strerror}): name another folder by --into"
        ) from error
    except ValueError as error:
        raise SourceError(
            f"{source.url} gave another file than the one that was read (its sha256 "
            f"is not {source.sha256}); nothing was kept. If the address now leads to "
            "a page instead of the file, download the file by hand"
        ) from error
