"""Ways to pay, behind kiosk.ports.PaymentTerminal: today the bank-card terminal."""

from devices.payments.terminal import CardTerminal, Patience

__all__ = ["CardTerminal", "Patience"]
