"""Les pages des visites d'étude : la liste, une visite, son programme, ses notes, ses photos ; celle de l'ESMS."""
