"""What a reader meets in report.html, asked of the browser itself.

look.py BROWSER TOOL FOLDER: FOLDER/run/records.jsonl are the records of a run.
The page is shown in frames of three widths by a page that measures them
(measure.js) and prints what it found; once in light and once in dark colours.
"""
import html
import json
import os
import re
import subprocess
import sys
import xml.dom.minidom

WIDTHS = (360, 800, 1400)
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>&\u0001]]>' + "w" * 90


def render(tool, records, folder):
    """The page as text; the exit status says what the verdicts were."""
    run = subprocess.run([tool, "report", records, "--format", "html"],
                         capture_output=True, cwd=folder, timeout=60)
    if run.returncode == 2:
        sys.exit(run.stderr.decode())
    return run.stdout.decode()


def make_hostile(source, target):
    """Every text of the first records becomes one that would break a page."""
    with open(source, encoding="utf-8") as lines, \
            open(target, "w", encoding="utf-8") as out:
        for number, line in enumerate(lines):
            record = json.loads(line)
            if number >= 200:
                break
            for key in ("source", "statement", "formula", "hypotheses",
                        "reason", "replay", "family"):
                record[key] = HOSTILE
            record["instance"] = HOSTILE + str(number)
            record["schedule"] = HOSTILE
            out.write(json.dumps(record) + "\n")


def browse(browser, folder, page, dark):
    """What measure.js found in the page, and what the console said."""
    with open(os.path.join(os.path.dirname(__file__), "measure.js"),
              encoding="utf-8") as source:
        script = source.read()
    frames = "".join(
        f'<iframe width="{width}" height="900" srcdoc="{html.escape(page)}">'
        "</iframe>" for width in WIDTHS)
    harness = os.path.join(folder, "harness.html")
    with open(harness, "w", encoding="utf-8") as out:
        out.write(f"<!DOCTYPE html><meta charset=utf-8>{frames}<pre id=found>"
                  f"</pre><script>{script}</script>")
    command = [browser, "--headless", "--disable-gpu", "--no-first-run",
               "--enable-logging=stderr", "--virtual-time-budget=20000",
               "--proxy-server=127.0.0.1:9", "--dump-dom",
               f"--user-data-dir={folder}/profile"]
    if os.getuid() == 0:
        command.append("--no-sandbox")
    if dark:
        command.append("--force-dark-mode")
    run = subprocess.run(command + ["file://" + harness], capture_output=True,
                         timeout=120)
    console = [line for line in run.stderr.decode(errors="replace").splitlines()
               if "CONSOLE" in line]
    found = re.search(r'<pre id="found">(.*?)</pre>', run.stdout.decode(), re.S)
    if not found or not found.group(1):
        sys.exit("the browser showed nothing: " +
                 run.stderr.decode(errors="replace")[-2000:])
    return json.loads(html.unescape(found.group(1))), console


def check(name, browser, folder, page, schemes):
    """Counts what was asked, and prints every complaint."""
    checks = failures = 0

    def say(right, text):
        nonlocal checks, failures
        checks += 1
        if not right:
            failures += 1
            print(f"{name}: {text}")

    try:
        xml.dom.minidom.parseString(page.encode())
        say(True, "")
    except Exception as problem:  # whatever the parser says
        say(False, f"not well-formed: {problem}")
    for dark in schemes:
        frames, console = browse(browser, folder, page, dark)
        say(not console, f"the console says {console[:3]}")
        for width, frame in zip(WIDTHS, frames):
            where = f"{width} px, {'dark' if dark else 'light'}"
            say(frame["dark"] == dark, f"{where}: the wrong colours")
            for complaint, examples in frame["complaints"].items():
                say(not examples, f"{where}: {complaint}: {examples[:3]}")
    return checks, failures


def main():
    browser, tool, folder = sys.argv[1:]
    records = os.path.join(folder, "run", "records.jsonl")
    hostile = os.path.join(folder, "hostile.jsonl")
    make_hostile(records, hostile)
    checks = failures = 0
    for name, source, schemes in (("run", records, (False, True)),
                                  ("hostile", hostile, (False,))):
        done, wrong = check(name, browser, folder,
                            render(tool, source, folder), schemes)
        checks += done
        failures += wrong
    percent = 100 * (checks - failures) // checks
    print(f"{percent}%: Checks: {checks}, Failures: {failures}, Errors: 0")
    sys.exit(1 if failures else 0)


main()
