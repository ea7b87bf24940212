"""Signing news and carrying it to one webhook, as the Standard Webhooks specification has it."""

from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook

from service.actions.announce import Letter
from service.ports import Courier


def carry(courier: Courier, letter: Letter) -> str | None:
    """``None`` once the webhook took it, else a word of ours for why not."""
    return courier.post(letter.url, letter.body, signed(letter))


def signed(letter: Letter) -> dict[str, str]:
    """The headers by which the receiver knows who sent it, when, and whether it came before."""
    taken_along = datetime.fromtimestamp(letter.taken_along_at, UTC)
    name = str(letter.id)
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(int(letter.taken_along_at)),
        "webhook-signature": Webhook(letter.secret).sign(name, taken_along, letter.body.decode()),
    }
