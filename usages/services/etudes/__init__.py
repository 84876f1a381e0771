"""Les études : leur équipe, leur base, leur entonnoir, ce qu'il en sort ; la synthèse de leurs visites."""
