"""Call a person: what a deploy has to say leaves by the ways that person has chosen."""
