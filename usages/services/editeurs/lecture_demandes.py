"""Lire une demande à l'éditeur : sa réponse, et combien d'ESMS elle touche."""

from django.db.models import Count

from programme.models import Utilisateur
from programme.socle.models import Passage
from usages.models import DemandeEditeur, Ticket


def derniere_reponse(demande: DemandeEditeur) -> str:
    """Ce que l'éditeur a répondu en dernier ; vide s'il n'a pas répondu, ou si on l'a relancé depuis. Une requête."""
    if demande.repondue_le is None:
        return ""
    dernier = Passage.objects.de(demande).filter(transition="repondre").order_by("-rang").first()
    return dernier.motif if dernier else ""


def portee_de(demande: DemandeEditeur, par: Utilisateur) -> int:
    """Dans combien d'ESMS, que ce lecteur voit, se trouve l'irritant de cette demande. Une requête au plus."""
    if demande.irritant_id is None:
        return 0
    vus = Ticket.objects.visibles_par(par).filter(irritant=demande.irritant_id).order_by()
    return vus.aggregate(n=Count("parcours", distinct=True))["n"] or 0
