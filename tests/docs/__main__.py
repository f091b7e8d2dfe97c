"""Do what one page shows, and complain where it is not so: ``python -m tests.docs PAGE``."""

import contextlib
import io
import os
import sys
import tempfile
from pathlib import Path

from tests.docs.pages import blocks
from tests.docs.reader import reader


def main() -> None:
    """Tell the page named on the command line; raise AssertionError for what is not true."""
    printed = io.StringIO()

    def read_out() -> str:
        text = printed.getvalue()
        printed.seek(0)
        printed.truncate()
        return text

    with tempfile.TemporaryDirectory() as directory:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            story = reader(Path(directory), read_out)
            os.chdir(story.home)
            for block in blocks(sys.argv[1]):
                story.tell(block)
        os.chdir("/")
    print(f"{sys.argv[1]} is true")


if __name__ == "__main__":
    main()
