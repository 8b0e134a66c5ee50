"""Simulate a day of a large fleet: throttled services, outages, workers that die, one tenant of half the size.

python benchmarks/fleet_day.py --mailboxes 100000 --workers 160
"""

import argparse
import resource
import time

from tallystick.fleet.limits import TenantLimits
from tallystick.fleet.simulated_day import DaySettings, Outage, simulate


def main() -> None:
    """Print the reports of two days: without notifications, and with."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mailboxes", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=160)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    small = given.mailboxes // 2 // 49
    tenants = {"large": given.mailboxes - 49 * small, **{f"tenant-{n}": small for n in range(49)}}
    outages = (Outage(32_400, 34_200, "tenant-7"), Outage(50_400, 50_700))
    for notified in (0.0, 0.9):
        began = time.process_time()
        settings = DaySettings(
            tenants,
            given.workers,
            limits=TenantLimits(starts=given.mailboxes // 3),
            notified=notified,
            rate=given.mailboxes / 250,
            lifetime=86_400.0,
            outages=outages,
            seed=given.seed,
        )
        print(f"notified of {notified:.0%} of the changes:")
        print(simulate(settings).summary())
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"  simulated in {time.process_time() - began:.0f} s of a processor, {memory} MB at most", flush=True)


if __name__ == "__main__":
    main()
