"""The worker process: ``python -m scheduler`` does what ``khopotso worker`` does."""

from config import logs, safety, wiring
from config.settings import SettingsError
from config.stopping import told_to_stop
from service.store.database import DatabaseUnusable
from service.store.keys import KeyFileError


def main() -> None:
    """Work until SIGTERM or Ctrl-C."""
    logs.configure()
    try:
        _work()
    except (SettingsError, KeyFileError, DatabaseUnusable) as error:
        raise SystemExit(str(error)) from None


def _work() -> None:
    configuration = wiring.read_settings()
    with told_to_stop() as stop, wiring.open_parts(configuration) as parts:
        safety.insist(configuration, parts)
        wiring.run_worker(parts, stop)


if __name__ == "__main__":
    main()
