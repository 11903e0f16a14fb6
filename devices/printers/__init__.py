"""Receipts and slips on paper: one layout in dots, Arabic set properly, and a printer that is asked and followed."""
