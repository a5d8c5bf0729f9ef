"""`python -m webhooks …` is `bauruf …`."""

from webhooks.cli import main

main()
