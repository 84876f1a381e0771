"""Services des visites d'étude : les proposer, leur programme, leurs trames, leurs notes, leurs photos."""
