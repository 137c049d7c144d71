"""Installs listed packages into a folder of the build, once for each version of the list."""
import shutil
import subprocess

INSTALL_SECONDS = 300
NPM = ("npm", "install", "--no-audit", "--no-fund", "--loglevel=error")


def run(command, folder):
    subprocess.run(command, cwd=folder, check=True, timeout=INSTALL_SECONDS,
                   stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


def install(folder, listing, *commands):
    """Runs the commands in the folder beside a copy of `listing`, if it is not installed yet."""
    done = folder / ("installed-" + listing.name)
    if done.exists() and done.read_text() == listing.read_text():
        return
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(listing, folder / listing.name)
    for command in commands:
        run(command, folder)
    shutil.copy(listing, done)
