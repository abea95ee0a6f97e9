"""``python -m tests.attack``: see campaign.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from attack.campaign import main

sys.exit(main())
