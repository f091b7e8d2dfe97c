"""Watch a deploy with many subscribers that read and do nothing else: PATH COUNT, until killed."""

import asyncio
import sys
from pathlib import Path

from runner.control.address import address_of

ASK = b'{"ask":"watch"}\n'
AT_ONCE = 1 << 16


async def main(path: Path, count: int) -> None:
    """Connect, say so once everybody has heard something, and go on reading."""
    heard = asyncio.Semaphore(0)
    async with asyncio.TaskGroup() as readers:  # one that fails ends all, and says why
        for _ in range(count):
            readers.create_task(_read(path, heard))
        for _ in range(count):
            await heard.acquire()
        print("ready", flush=True)


async def _read(path: Path, heard: asyncio.Semaphore) -> None:
    with address_of(path) as address:
        reader, writer = await asyncio.open_unix_connection(address)
    writer.write(ASK)
    await reader.read(AT_ONCE)
    heard.release()
    while await reader.read(AT_ONCE):
        pass
    writer.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
