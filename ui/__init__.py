"""How people meet the program: Qt screens and text commands. Shows state and emits intents; decides nothing."""
