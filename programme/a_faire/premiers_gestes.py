"""Premiers gestes : monter une grappe, la remplir, charger l'annuaire."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse

from programme.a_faire.lecture import parcours_vus
from programme.enums import Portee, Role
from programme.models import Esms, Grappe, Parcours
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire


@inscrire("grappes")
def grappes_vides(demande: Demande) -> Iterator[Ligne]:
    """Une grappe sans ESMS attend les siens ; un chef de projet sans grappe en monte une."""
    p = demande.utilisateur.perimetre
    if not p.tient(Role.CHEF_PROJET):
        return
    conduites = [a.cible for a in p.affectes if a.role == Role.CHEF_PROJET and a.portee == Portee.GRAPPE]
    vides = Grappe.objects.filter(pk__in=conduites).exclude(Exists(Parcours.objects.filter(grappe=OuterRef("pk"))))
    for grappe in vides:
        url = reverse("programme:grappe-ajouter", args=[grappe.pk])
        yield Ligne(
            titre=f"Ajouter des ESMS à la grappe {grappe}",
            detail="Collez des numéros FINESS, ou cherchez par nom et par ville",
            url=url,
            urgence=Urgence.REPONDRE,
            gestes=(Bouton("Ajouter des ESMS", url),),
        )
    if not conduites and not parcours_vus(demande):
        url = reverse("programme:grappe-creer")
        yield Ligne(
            titre="Monter votre première grappe",
            detail="Un nom, un porteur, puis ses ESMS",
            url=url,
            urgence=Urgence.REPONDRE,
            gestes=(Bouton("Créer une grappe", url),),
        )


@inscrire("annuaire")
def annuaire_vide(demande: Demande) -> Iterator[Ligne]:
    """Sans annuaire, rien ne commence."""
    if demande.utilisateur.perimetre.tient(Role.ADMIN) and not Esms.objects.exists():
        url = reverse("programme:import-finess")
        yield Ligne(
            titre="Charger l'annuaire FINESS",
            detail="FINESS+ ou l'extrait des établissements ; un aperçu avant d'écrire",
            url=url,
            urgence=Urgence.REPONDRE,
            gestes=(Bouton("Importer l'annuaire", url),),
        )
