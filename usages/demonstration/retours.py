"""Les retours de terrain de la démonstration, de « c'est lent » à « nous avons fait ». Tout y est inventé."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from programme.demonstration import fondation
from programme.demonstration.ain_rhone import grappe as ain_rhone
from programme.demonstration.calendrier import jour_ouvre
from programme.demonstration.recit import franchir
from programme.models import Grappe, Metier, Module, Parcours, Utilisateur
from usages.enums import (
    Anonymat,
    Consentement,
    GraviteRetour,
    NatureSuite,
    NiveauRetour,
    ThemeRetour,
    VoieRetour,
    VoixDite,
)
from usages.models import (
    DemandeEditeur,
    Enseignement,
    LienDeRetour,
    Pratique,
    Relais,
    RepriseDePratique,
    Retour,
    Soutien,
    SuiteDeRetour,
    Verbatim,
)
from usages.models.retours import semaine_de
from usages.services.retours.suites import donner_suite

EHPAD, MAISON_DES_ENFANTS, RESIDENCE = "010004059", "010784262", "010780906"
"""L'ESMS du pôle Personnes âgées, celui de la directrice, celui du voisin."""
T, G = ThemeRetour, GraviteRetour
_NOM_DE_DOMAINE = uuid.UUID("5f0c7b1e-9d0a-4d7e-8a55-2b7c6f1e9a40")


@dataclass(frozen=True)
class Dit:
    """Un retour, il y a tant de jours, et jusqu'où il est allé. `unite` : son rang dans l'ESMS, aucun pour l'ESMS."""

    finess: str
    il_y_a: int
    module: str
    probleme: str
    amelioration: str = ""
    gravite: str = G.GENANTE
    unite: int | None = 0
    metier: str = ""
    titre: str = ""
    theme: str = ""
    voie: str = ""
    reponse: str = ""
    refus: str = ""
    soutiens: int = 0
    sous: int | None = None
    """Rang de celui qui dit la même chose."""


RETOURS = (
    Dit(
        EHPAD, 150, "journal-de-bord",
        "À la relève de nuit il faut ouvrir chaque fiche une par une pour lire les transmissions.",
        "Une page qui montre tout ce qui s'est écrit depuis la dernière relève.",
        metier="aide-soignant", titre="Relève de nuit : lire les transmissions d'un coup", theme=T.PARAMETRAGE,
        voie=VoieRetour.INTERNE, soutiens=5,
        reponse="Un filtre « depuis la dernière relève » est posé sur les trois unités. La fiche d'aide est affichée.",
    ),
    Dit(
        EHPAD, 146, "journal-de-bord",
        "Les transmissions de la veille sont longues à retrouver, on clique dans chaque dossier.",
        "Tout voir ensemble.",
        unite=1, sous=0,
    ),
    Dit(
        EHPAD, 139, "agenda", "Le lundi matin l'agenda met très longtemps à s'ouvrir.", gravite=G.GENANTE, unite=1,
        titre="Agenda lent le lundi matin", theme=T.PANNE, voie=VoieRetour.EDITEUR, soutiens=7,
    ),
    Dit(
        EHPAD, 118, "soins", "Un seul poste pour deux infirmières au moment des piluliers.",
        "Un second poste, ou une tablette.", unite=2, metier="infirmier", gravite=G.BLOQUANTE,
        titre="Un second poste au moment des soins", theme=T.MATERIEL, voie=VoieRetour.INTERNE, soutiens=2,
        reponse="Deux tablettes sont arrivées en unité protégée ; le réseau y a été vérifié.",
    ),
    Dit(
        EHPAD, 97, "projet-personnalise", "Le projet sort sur neuf pages, les familles ne lisent pas.",
        "Une synthèse de deux pages à signer.", titre="Imprimer le projet sur deux pages", theme=T.ERGONOMIE,
        voie=VoieRetour.EDITEUR, soutiens=3,
    ),
    Dit(
        EHPAD, 74, "journal-de-bord", "On ne sait plus si on doit écrire aussi dans le cahier.", unite=1,
        titre="Cahier papier : on arrête quand ?", theme=T.ORGANISATION, voie=VoieRetour.INTERNE,
        reponse="Le cahier est retiré dans les trois unités. En cas de panne : le classeur rouge.",
    ),
    Dit(
        EHPAD, 45, "agenda", "Je voudrais des couleurs différentes par kiné.", gravite=G.MINEURE,
        titre="Une couleur par intervenant", theme=T.ERGONOMIE,
        refus="Les couleurs servent déjà à distinguer les types de rendez-vous dans toute la grappe.",
    ),
    Dit(
        MAISON_DES_ENFANTS, 60, "journal-de-bord", "Mot de passe redemandé toutes les dix minutes, on abandonne.",
        "Le laisser ouvert le temps d'une relève.", gravite=G.BLOQUANTE, metier="educateur-specialise",
        titre="Session coupée au bout de dix minutes", theme=T.ACCES, voie=VoieRetour.INTERNE, soutiens=4,
        reponse="La session tient maintenant quarante minutes sur les postes des unités.",
    ),
    Dit(
        MAISON_DES_ENFANTS, 52, "agenda", "Les remplaçants n'ont pas de compte le week-end.",
        "Un compte prêt avant leur arrivée.", unite=1, metier="chef-de-service",
        titre="Comptes des remplaçants prêts le week-end", theme=T.ACCES, voie=VoieRetour.INTERNE, soutiens=3,
    ),
    Dit(
        MAISON_DES_ENFANTS, 38, "ecrits-documents", "Je ne retrouve pas les modèles de rapport.",
        titre="Où sont les modèles de rapport", theme=T.FORMATION, unite=0, gravite=G.MINEURE,
    ),
    Dit(
        MAISON_DES_ENFANTS, 24, "journal-de-bord", "On est coupé tout le temps, il faut remettre son mot de passe.",
        unite=1,
    ),
    Dit(
        MAISON_DES_ENFANTS, 16, "agenda", "Le planning imprimé n'a pas les horaires de nuit.",
        "Les ajouter en bas.", unite=0, metier="surveillant-de-nuit",
    ),
    Dit(
        MAISON_DES_ENFANTS, 0, "journal-de-bord", "Sur le téléphone on ne peut pas dicter.", "Autoriser la dictée.",
        gravite=G.MINEURE, unite=None,
    ),
    Dit(
        RESIDENCE, 66, "agenda", "L'agenda rame le lundi, on ouvre le planning mural à la place.", unite=None,
        titre="Agenda lent le lundi", theme=T.PANNE, sous=2,
    ),
    Dit(
        RESIDENCE, 33, "dossier-administratif", "Les adresses reprises de l'ancien logiciel sont en majuscules.",
        unite=None, gravite=G.MINEURE, titre="Adresses reprises en majuscules", theme=T.DONNEES,
        voie=VoieRetour.INTERNE,
        reponse="Les adresses ont été corrigées d'un coup le mois dernier.",
    ),
    Dit(
        RESIDENCE, 0, "journal-de-bord", "Le Wi-Fi ne passe pas au bout du couloir, la saisie se perd.",
        "Une borne de plus.", gravite=G.BLOQUANTE, unite=0, soutiens=2,
    ),
)  # fmt: skip


def raconter(comptes: Mapping[str, Utilisateur]) -> None:
    """Les liens, les relais, les retours de l'Ain et du Rhône ; une pratique de la grappe voisine, reprise."""
    grappe = Grappe.objects.get(nom=ain_rhone.NOM)
    parcours = {
        p.esms.finess: p
        for p in Parcours.objects.filter(grappe=grappe, esms__finess__in=(EHPAD, MAISON_DES_ENFANTS, RESIDENCE))
        .select_related("esms__departement", "grappe")
        .prefetch_related("unites")
    }
    _donner_les_liens(list(parcours.values()), comptes)
    ecrits = [_ecrire(dit, parcours[dit.finess], comptes) for dit in RETOURS]
    for dit, retour in zip(RETOURS, ecrits, strict=True):
        _conduire(dit, retour, ecrits, comptes)
    _en_tirer(ecrits, grappe, comptes)
    _partager(grappe, parcours[EHPAD], comptes)


def _donner_les_liens(parcours: Sequence[Parcours], comptes: Mapping[str, Utilisateur]) -> None:
    """Un lien par unité ; le référent est relais de la maison d'enfants."""
    for siens in parcours:
        for unite in siens.unites.all():
            LienDeRetour.objects.create(
                parcours=siens,
                unite=unite,
                cree_par=comptes["cheffe"],
                cree_le=_il_y_a(170),
                jeton=f"demonstration-{siens.esms.finess}-{unite.ordre}",
            )
    maison = next(p for p in parcours if p.esms.finess == MAISON_DES_ENFANTS)
    Relais.objects.create(parcours=maison, unite=maison.unites.first(), compte=comptes["referent"])


def _ecrire(dit: Dit, parcours: Parcours, comptes: Mapping[str, Utilisateur]) -> Retour:
    unites = list(parcours.unites.all())
    unite = unites[dit.unite % len(unites)] if dit.unite is not None and unites else None
    lien = LienDeRetour.objects.filter(parcours=parcours, unite=unite).first() if unite else None
    retour = Retour(
        parcours=parcours,
        unite=unite,
        niveau=NiveauRetour.UNITE if unite else NiveauRetour.ESMS,
        module=Module.objects.get(code=dit.module),
        metier=Metier.objects.filter(code=dit.metier).first() if dit.metier else None,
        gravite=dit.gravite,
        probleme=dit.probleme,
        amelioration=dit.amelioration,
        recu_le=semaine_de(_il_y_a(dit.il_y_a)),
        cle=uuid.uuid5(_NOM_DE_DOMAINE, f"{dit.finess} {dit.probleme}"),
        lien=lien,
    )
    retour.save()
    for rang in range(dit.soutiens):
        Soutien.objects.create(
            retour=retour,
            parcours=parcours,
            unite=unites[rang % len(unites)] if unites else None,
            recu_le=semaine_de(_il_y_a(max(dit.il_y_a - 4 * rang, 1))),
            cle=uuid.uuid5(retour.cle, str(rang)),
        )
    return retour


def _conduire(dit: Dit, retour: Retour, ecrits: Sequence[Retour], comptes: Mapping[str, Utilisateur]) -> None:
    """De jour en jour par la porte, par la cheffe de projet."""
    cheffe = comptes["cheffe"]

    def plus_tard(jours: int) -> date:
        return min(max(_il_y_a(dit.il_y_a - jours), retour.recu_le), timezone.localdate())

    if dit.sous is not None:
        franchir(retour, "regrouper", par=cheffe, le=plus_tard(6), sous=ecrits[dit.sous].pk)
        return
    if not dit.titre:
        return
    franchir(retour, "qualifier", par=cheffe, le=plus_tard(4), titre=dit.titre, theme=dit.theme)
    if dit.refus:
        franchir(retour, "ne_pas_retenir", par=cheffe, le=plus_tard(10), motif=dit.refus)
    if dit.voie:
        franchir(retour, "prendre_en_charge", par=cheffe, le=plus_tard(6), voie=dit.voie)
    if dit.reponse:
        franchir(retour, "resoudre", par=cheffe, le=plus_tard(19))
        franchir(retour, "publier", par=cheffe, le=plus_tard(21), reponse=dit.reponse)


def _en_tirer(ecrits: Sequence[Retour], grappe: Grappe, comptes: Mapping[str, Utilisateur]) -> None:
    """Une demande déjà partie chez l'éditeur, une action, un enseignement qui barrait et qu'on a réglé."""
    cheffe, lent, remplacants = comptes["cheffe"], ecrits[2], ecrits[8]
    partie = DemandeEditeur.objects.filter(grappe=grappe, objet__startswith="Agenda lent").first()
    if partie is not None:
        SuiteDeRetour.objects.create(
            retour=lent, nature=NatureSuite.EDITEUR, objet=partie, faite_par=cheffe, faite_le=_il_y_a(68)
        )
    donner_suite(
        retour=remplacants,
        en=NatureSuite.ACTION,
        par=cheffe,
        libelle="Créer les comptes des remplaçants le vendredi",
        responsable_nom="Le secrétariat de la maison d'enfants",
        echeance=timezone.localdate() + timedelta(days=18),
    )
    barrait = Enseignement.objects.create(
        grappe=grappe,
        pilote=lent.parcours,
        libelle="Vérifier le Wi-Fi au lit, pas au bureau",
        conseil="Une mesure dans chaque chambre du fond, avant de commander les tablettes.",
        a_regler=True,
        ecrit_par=cheffe,
        ecrit_le=_il_y_a(104),
    )
    franchir(
        barrait,
        "clore",
        par=cheffe,
        le=_il_y_a(58),
        motif="Quatre bornes posées ; la mesure est au cahier d'ouverture.",
    )


def _partager(grappe: Grappe, ehpad: Parcours, comptes: Mapping[str, Utilisateur]) -> None:
    """Une pratique de la grappe qui mesure ses usages, que l'autre reprend ; une, encore au brouillon ; un verbatim."""
    cheffe, voisine = comptes["cheffe"], Grappe.objects.get(nom=fondation.NOM)
    partagee = Pratique.objects.create(
        grappe=voisine,
        titre="Dix minutes d'écriture à chaque relève",
        contexte="Un IME de trois unités ; les équipes se croisaient sans écrire, et tout se saisissait le vendredi.",
        fait="Dix minutes au planning à chaque relève, un poste par unité, et une question écrite au tableau : "
        "« qu'est-ce que la suivante doit savoir ? ».",
        effet="Les transmissions sont écrites le jour même ; la réunion du lundi commence par les lire.",
        theme=T.ORGANISATION,
        module=Module.objects.get(code="journal-de-bord"),
        signature="Un IME de la région",
        contact="La cheffe de service",
        ecrite_par=cheffe,
        ecrite_le=_il_y_a(80),
    )
    franchir(partagee, "partager", par=cheffe, le=_il_y_a(76))
    RepriseDePratique.objects.create(
        pratique=partagee, grappe=grappe, reprise_par=cheffe, reprise_le=_il_y_a(50), note="Un quart d'heure la nuit"
    )
    Pratique.objects.create(
        grappe=grappe,
        titre="Le cahier retiré un vendredi, la procédure dégradée dessous",
        contexte="Un EHPAD de trois unités, un cahier tenu depuis vingt ans.",
        fait="Le cahier part le vendredi soir, la procédure dégradée est collée à sa place.",
        effet="Personne n'a rouvert de cahier ; deux pannes passées avec la procédure.",
        theme=T.ORGANISATION,
        signature="Un EHPAD de l'Ain",
        ecrite_par=cheffe,
        ecrite_le=_il_y_a(20),
    )
    Verbatim.objects.create(
        parcours=ehpad,
        texte="La nuit, je lis en cinq minutes ce que je cherchais pendant vingt.",
        qui="une aide-soignante de nuit",
        voix=VoixDite.PROFESSIONNEL,
        anonymat=Anonymat.FAIT,
        consentement=Consentement.DONNE,
        consentement_le=_il_y_a(60),
        recueilli_par=cheffe,
        recueilli_le=_il_y_a(60),
    )


def _il_y_a(jours: int) -> date:
    return jour_ouvre(timezone.localdate() - timedelta(days=jours))
