"""What the screens of clerk and technician are made of: dense, by keys alone, every act beside the key that does it."""
