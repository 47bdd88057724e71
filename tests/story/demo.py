"""`./dev demo`: a warehouse of simulated devices over real protocols, on this machine alone.

  --once     run the story unattended, print the closing table, end; exit 1 if a count is wrong
  --kill     kill the daemon (as a power cut would) three times on the way
  --labels   decode every printed label with a barcode reader that is not ours
  --page     look at the page in a real browser during the outage, and keep a picture
  --as-test  close with `N passed, N failed`
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from check import closing_table  # noqa: E402
from labels import check_labels  # noqa: E402
from processes import Failure, ROOT, Site, end_in_order  # noqa: E402
from story import Story  # noqa: E402


def say(text: str) -> None:
    print(text, flush=True)


def ok(name: str, text: str) -> None:
    say(f"[ok] {name:<12} {text}")


def options():
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--dir", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--labels", action="store_true")
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--as-test", action="store_true")
    parser.add_argument("--port", type=int, help="the page's port (default: any free one)")
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    return parser.parse_args()


def set_up(site: Site) -> None:
    site.prepare()
    site.start_brokers()
    ok("brokers", f"mosquitto 127.0.0.1:{site.ports['site_broker']} (devices), "
                  f"{site.ports['cloud_broker']} (cloud)")
    site.start_hub()
    ok("cloud", "lotgate-hub on a private PostgreSQL (Unix socket)")
    site.start_devices()
    ok("devices", "9 scanners (serial, TCP, MQTT), 2 printers (port 9100's protocol), "
                  "2 sorters (Modbus/TCP)")
    site.start_daemon()
    ok("daemon", f"lotgated, site ATL-3   page  http://127.0.0.1:{site.ports['api']}/")
    say(f"     try          {site.bin}/lotgate --socket {site.socket} status")


def tell(story: Story, took: float) -> bool:
    table = closing_table(story)
    say("\n" + table.text())
    if story.kills:
        say(f"  killed {story.kills} times; back in "
            + ", ".join(f"{s * 1000:.0f} ms" for s in story.restart_s))
    for line in story.wrong:
        say(f"  WRONG: {line}")
    say(f"  took {took:.0f} s")
    return table.wrong == 0


def run_story(site: Site, arguments) -> tuple[int, int]:
    began = time.monotonic()
    story = Story(site, arguments.kill, say, pause=0.0 if arguments.once else 0.4)
    pages = []
    if arguments.page:
        story.during_outage = lambda: pages.append(look_at_page(site))
    story.run()
    good = tell(story, time.monotonic() - began)
    results = [good, *pages]
    if arguments.labels:
        results.append(check_labels(story, say))
    return sum(results), len(results) - sum(results)


def look_at_page(site: Site) -> bool:
    """The page's tests against the running daemon, in headless Chromium."""
    picture = site.folder / "page.png"
    done = subprocess.run(
        ["node", "--test", ROOT / "tests/web/page.test.mjs"], capture_output=True, text=True,
        env={**os.environ, "LOTGATE_URL": f"http://127.0.0.1:{site.ports['api']}",
             "LOTGATE_SCREENSHOT": str(picture)})
    (site.folder / "page.log").write_text(done.stdout + done.stderr)
    good = done.returncode == 0 and picture.exists()
    say(f"  {'the page in Chromium: ' + str(picture) if good else 'WRONG: the page, see page.log'}")
    return good


def open_page(site: Site) -> None:
    if shutil.which("xdg-open") and "DISPLAY" in os.environ:
        subprocess.Popen(["xdg-open", f"http://127.0.0.1:{site.ports['api']}/"],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main() -> int:
    arguments = options()
    end_in_order()
    site = Site(pathlib.Path(arguments.dir).resolve(), pathlib.Path(arguments.bin).resolve(),
                arguments.port)
    passed, failed = 0, 1
    try:
        set_up(site)
        if not arguments.once:
            open_page(site)
        passed, failed = run_story(site, arguments)
        if not arguments.once:
            say("\n  the warehouse stays up: Ctrl-C ends it")
            while site.daemon.must_live():
                time.sleep(1)
    except Failure as failure:
        say(f"demo: {failure}")
        say(f"      logs: {site.folder}/*.log")
    except KeyboardInterrupt:
        say("\n  stopping")
    finally:
        site.stop()
    if arguments.as_test:
        say(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
