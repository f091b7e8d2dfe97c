"""Hash and verify what the venue's clients sign, in plain Python.

Sources: the constants and the layout are those of elliottech/poseidon_crypto v0.0.15 (Poseidon2,
ECgFp5, Schnorr) and elliottech/lighter-go (transactions, tokens); the curve is Pornin's "EcGFp5: a
specialized elliptic curve" (ePrint 2022/274), the permutation Grassi, Khovratovich and
Schofnegger's "Poseidon2" (ePrint 2023/323). A field element is an int below `field.P`, an element
of the quintic extension a tuple of five, a point's encoding one such tuple.
"""
