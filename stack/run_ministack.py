"""Runs the emulator, in the emulator's own environment: ``python run_ministack.py FOLDER``.

The emulator reads SAM templates with the SAM translator, which brings a dozen packages. Taking the translator from the
SAM command line's environment, and for this process alone, keeps them from the functions, which run in child processes.
"""

import sys

sys.path.append(sys.argv.pop())

from ministack.app import main

main()
