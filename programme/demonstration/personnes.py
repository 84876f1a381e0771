"""À qui s'adresser dans la grappe, et ce qui est arrivé à deux de ses ESMS : une suite attend. Tout est inventé."""

from collections.abc import Mapping

from programme.demonstration.ain_rhone.communs import ABSORBE
from programme.demonstration.ain_rhone.grappe import ASSOCIATION, ENFANCE, NOM, SURDITE
from programme.demonstration.calendrier import Calendrier
from programme.enums import NatureEvenement, Sujet
from programme.models import Esms, EvenementEsms, Grappe, OrganismeGestionnaire, Utilisateur
from programme.services.evenements import prendre_acte
from programme.services.interlocuteurs import CHAMPS, Cible, ecrire

FERME, CEDE = "010787844", "010786911"
Ligne = tuple[str, str, str, str, str]

GRAPPE: dict[str, Ligne] = {
    Sujet.FORMATION: (
        "Équipe de formation de la grappe",
        "Formation au dossier",
        "04 99 00 00 10",
        "formation@exemple.invalid",
        "Inscriptions avant le 20 du mois",
    ),
    Sujet.SERVICES_SOCLES: ("Appui régional", "Services socles", "", "appui-socles@exemple.invalid", ""),
    Sujet.EDITEUR: (
        "Correspondante de l'éditeur",
        "Relation avec l'éditeur",
        "04 99 00 00 12",
        "editeur@exemple.invalid",
        "Les demandes se regroupent le jeudi",
    ),
    Sujet.FINANCEMENT: ("Gestionnaire de la convention", "Pièces et jalons", "", "convention@exemple.invalid", ""),
}
OG: dict[str, Ligne] = {
    Sujet.PANNE: ("Service informatique", "Assistance du siège", "04 99 00 00 20", "", "De 8 h à 18 h"),
    Sujet.DROITS: ("Service informatique", "Comptes et habilitations", "04 99 00 00 20", "droits@exemple.invalid", ""),
    Sujet.DONNEES: ("Déléguée à la protection des données", "", "", "dpo@exemple.invalid", ""),
}
MAISON: dict[str, Ligne] = {
    Sujet.USAGE: ("Relais du dossier", "Éducatrice, maison des grands", "04 99 00 00 31", "", "Sur place, le mardi"),
}


def creer(comptes: Mapping[str, Utilisateur], calendrier: Calendrier) -> None:
    """Écrit les cartes par leurs auteurs, puis ce que FINESS a dit depuis."""
    association = OrganismeGestionnaire.objects.get(finess=ASSOCIATION)
    cheffe, siege, directrice = (Utilisateur.objects.get(pk=comptes[c].pk) for c in ("cheffe", "siege", "directrice"))
    _ecrire(Grappe.objects.get(nom=NOM), GRAPPE, cheffe)
    _ecrire(association, OG, siege)
    _ecrire(Esms.objects.select_related("departement").get(finess=ENFANCE[2]), MAISON, directrice)
    _lire_finess(calendrier)
    fusion = EvenementEsms.objects.get(esms__finess=ABSORBE.finess, nature=NatureEvenement.FUSION)
    prendre_acte(evenement=fusion, par=cheffe, suite="Sorti du projet ; l'accueil de jour continue chez l'absorbant.")


def _ecrire(cible: Cible, lignes: Mapping[str, Ligne], par: Utilisateur) -> None:
    ecrire(cible=cible, lignes={s: dict(zip(CHAMPS, v, strict=True)) for s, v in lignes.items()}, par=par)


def _lire_finess(c: Calendrier) -> None:
    """Ce qu'un nouveau fichier FINESS aurait changé : une fermeture, un ESMS passé d'un organisme à un autre."""
    ferme, cede = (Esms.objects.select_related("og").get(finess=f) for f in (FERME, CEDE))
    ferme.est_actif, ferme.ferme_le = False, c.jours(18)
    ferme.save()
    EvenementEsms.objects.create(esms=ferme, nature=NatureEvenement.FERMETURE, date_effet=c.jours(18))
    cede.og = OrganismeGestionnaire.objects.get(finess=SURDITE)
    cede.save()
    EvenementEsms.objects.create(
        esms=cede, nature=NatureEvenement.OG, date_effet=c.jours(12), avant=ASSOCIATION, apres=SURDITE
    )
