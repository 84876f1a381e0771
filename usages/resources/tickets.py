"""Import des tickets d'une grappe : lire, comparer, montrer sans citer une case, écrire, effacer le fichier.

Un export d'assistance porte des titres et des noms : rien d'autre que les colonnes reliées n'en est lu, et ni l'aperçu
ni le rapport ne disent autre chose qu'un numéro de ticket.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import IO, Any

from django.urls import reverse
from django.utils import timezone

from programme.models import Grappe
from programme.socle.droits import Droit
from programme.socle.grilles import Grille
from programme.socle.imports import CREE, INCHANGE, MODIFIE, REJETE, Apercu, Comparaison
from programme.socle.imports_relies import FichierCompare, ImportRelie, compter, import_relie, inscrire_relie, suite
from programme.socle.liaisons import Reglages
from programme.socle.models import Correspondance
from programme.socle.nombres import accorde
from programme.socle.travaux import Contexte
from usages.calculs.lignes_tickets import lire_lignes
from usages.calculs.mots_tickets import A_MOTS, COLONNES, INDISPENSABLES, proposer_colonnes
from usages.permissions import EDITEURS_RESERVES, peut_suivre_les_editeurs
from usages.services.tickets.correspondances import GENRE, traducteur
from usages.services.tickets.importation import Plan, Portee, comparer, ecrire, lire_portee

D_AILLEURS = "{} de côté : d'un ESMS dit « pas dans cette grappe »."

Temoin = Callable[[int, int], None]


def preparer(
    fichier: IO[bytes],
    correspondance: Correspondance,
    portee: Portee,
    apercu: Apercu,
    *,
    source: str,
    au: date,
    temoin: Temoin = lambda fait, total: None,
) -> Plan:
    """Lit, compare et remplit l'aperçu ; n'écrit rien."""
    grille, fautes = import_relie(GENRE).lire(fichier, correspondance)
    lignes = [] if fautes else lire_lignes(grille, correspondance.colonnes, traducteur(correspondance, portee), au)
    plan = comparer(portee, source, lignes, temoin=temoin)
    for phrase in fautes:
        apercu.noter(REJETE, 0, "", raison=phrase)
    _noter(plan, apercu)
    for phrase in grille.avertissements:
        apercu.avertissements[phrase] += 1
    return plan


def _noter(plan: Plan, apercu: Apercu) -> None:
    noms = plan.portee.noms["parcours_id"]
    for comparee in plan.comparees:
        ou = noms.get(comparee.ticket.parcours_id, "toute la grappe")
        if comparee.ecarts:
            effet = CREE if comparee.est_neuve else MODIFIE
            apercu.noter(effet, comparee.ligne.rang, comparee.ligne.cle, ou, ecarts=plan.en_clair(comparee))
        else:
            apercu.compter(INCHANGE, 1)
    for ligne in plan.fautives:
        apercu.noter(REJETE, ligne.rang, ligne.cle, colonne=ligne.colonnes_fautives, raison=ligne.raison)
    if plan.nb_d_ailleurs:
        apercu.annonces.append(D_AILLEURS.format(accorde(plan.nb_d_ailleurs, "ligne laissée,lignes laissées")))


class ImportTickets(ImportRelie):
    """L'export de tickets d'une grappe ; `parametres` dit la grappe, la correspondance et l'outil d'assistance."""

    code = GENRE
    libelle = "Tickets d'assistance"
    chose = ("Export de tickets déposé", "Exports de tickets oubliés")
    titres = ("Ticket", "ESMS")
    titre_des_annonces = "Hors de la grappe"
    mention_des_rejets = "Une seule case fautive met toute sa ligne de côté."
    libelle_du_retour = "Revenir aux tickets"
    attendues, indispensables, a_mots = COLONNES, INDISPENSABLES, A_MOTS

    def peut_relier(self, utilisateur: Any, correspondance: Correspondance) -> Droit:
        """Qui suit les éditeurs de la grappe."""
        grappe = Grappe.objects.filter(pk=correspondance.options.get("grappe", 0)).first()
        return peut_suivre_les_editeurs(utilisateur, grappe) if grappe else Droit(False, EDITEURS_RESERVES)

    def adresse(self, parametres: dict[str, Any]) -> str:
        """La page qui relie, depuis la grappe."""
        return reverse("usages:tickets-relier", args=[parametres["grappe"], parametres["correspondance"]])

    def retour(self, parametres: dict[str, Any]) -> str:
        """Les tickets de la grappe."""
        return reverse("usages:grappe-tickets", args=[parametres["grappe"]])

    def proposer(self, grille: Grille) -> dict[int, str]:
        """Ce que disent les intitulés."""
        return proposer_colonnes(grille.entetes)

    def epurer(self, reglages: Reglages) -> Reglages:
        """Ni mot relié à rien, ni courriel : une colonne de demandeurs y laisserait des noms."""
        valeurs = {
            code: {mot: valeur for mot, valeur in mots.items() if valeur is not None and "@" not in mot}
            for code, mots in reglages.valeurs.items()
        }
        return replace(super().epurer(reglages), valeurs=valeurs)

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit tout le fichier, relève toutes les fautes."""
        travail = contexte.travail
        contexte.avancer(0, message="Lecture du fichier", aussitot=True)
        grappe = Grappe.objects.select_related("solution__editeur").get(pk=travail.parametres["grappe"])
        with travail.fichier.open("rb") as fichier:
            plan = preparer(
                fichier,
                self.exiger_correspondance(travail),
                lire_portee(grappe),
                apercu,
                source=travail.parametres["source"],
                au=timezone.localdate(),
                temoin=compter(contexte, "ligne comparée,lignes comparées"),
            )

        def appliquer(contexte: Contexte) -> list[dict[str, str]]:
            nombre = ecrire(plan, continuer=contexte.continuer)
            ecrits = accorde(nombre, "ticket écrit,tickets écrits")
            return suite(ecrits, self.retour(travail.parametres), "Voir les tickets de la grappe")

        yield FichierCompare(apercu, appliquer)


inscrire_relie(ImportTickets())
