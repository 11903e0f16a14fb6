"""What happens at each transition of the visit's table: one small act each; it answers with the state that follows."""
