"""Les pages des visites d'étude : la liste, une visite, son programme, ses trames, ses notes, ses photos ; chez l'ESMS."""
