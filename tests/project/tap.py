"""What a program of checks prints, in the Test Anything Protocol."""


def finish(checks):
    """Prints a line for each (label, passed); gives the exit status.  The first word of a label is its name, the
    rest is shown when it failed."""
    number = failed = 0
    for number, (label, passed) in enumerate(checks, 1):
        print(f"{'ok' if passed else 'not ok'} {number} - {label.split()[0] if passed else label}")
        failed += not passed
    print(f"1..{number}")
    return 1 if failed else 0
