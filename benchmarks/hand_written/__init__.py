"""Provide the job of a first contact sync, written by hand for this one case, for speed; ``by_hand.py`` says why."""

from hand_written.applying import apply as apply
from hand_written.planning import Plan as Plan
from hand_written.planning import Step as Step
from hand_written.planning import plan as plan
