# Two commands do everything: `make run` shows the program, `make test` proves it. Each sets up what it needs first.
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test setup check bench endurance clean
.DEFAULT_GOAL := run
