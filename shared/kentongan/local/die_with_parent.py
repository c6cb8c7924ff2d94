"""Runs a command that the kernel kills when its parent dies, however the parent dies.

Started as a script, `die_with_parent.py PARENT_PID COMMAND…`: it marks itself (Linux only) and
becomes the command. A script and not a `preexec_fn`, which is unsafe in a process with threads.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Mark this process to die with its parent, then become the command."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit("the parent ended before its child began")
    os.execvp(command[0], command)  # noqa: S606 - a shell would be one process too many


if __name__ == "__main__":
    main()
