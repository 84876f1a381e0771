"""Les visites d'étude : les proposer, leur programme, trames, notes et photos ; verbatims, constats, codage."""
