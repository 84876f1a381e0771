"""`manage.py travailler` : exécute les tâches de fond, lance les échéances, ramasse les tâches mortes."""

import logging
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from programme.socle.enums import EtatTravail
from programme.socle.models import Travail
from programme.socle.travaux import arret_demande, battre, planifier, ramasser

journal = logging.getLogger("treille.travaux")


class Travailleur(Worker):
    """Le travailleur de la file, qui rend la main proprement quand on l'arrête."""

    en_cours: int | None = None

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Le travail en cours s'interrompt à son prochain avancement, sans rien écrire."""
        arret_demande.set()
        if self.running and not self.running_task:
            # Sortir d'ici couperait une requête en son milieu : la boucle s'arrête d'elle-même, en un tour au plus.
            self.running = False
            return
        super().shutdown(signum, frame)

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """Exécute une tâche ; la veille sait laquelle."""
        arguments = db_task_result.args_kwargs["args"]
        self.en_cours = arguments[0] if arguments else None
        try:
            super().run_task(db_task_result)
        finally:
            self.en_cours = None


class Veille(threading.Thread):
    """À côté du travail : le battement, les tâches mortes, les échéances."""

    def __init__(self, travailleur: Travailleur, intervalle: float) -> None:
        super().__init__(daemon=True)
        self.travailleur = travailleur
        self.intervalle = intervalle
        self.fini = threading.Event()

    def run(self) -> None:
        """Un tour tout de suite, puis un par intervalle."""
        try:
            while not self.fini.is_set():
                self._tour()
                self.fini.wait(self.intervalle)
        finally:
            connection.close()

    def _tour(self) -> None:
        close_old_connections()
        maintenant = timezone.now()
        try:
            if self.travailleur.en_cours:
                battre(maintenant, self.travailleur.en_cours)
            for travail in ramasser(maintenant):
                journal.warning("travail %s interrompu : exécuteur mort", travail.pk)
                _oublier_tache(travail)
            planifier(maintenant)
        except DatabaseError as erreur:
            # Base occupée par une longue écriture : on reviendra au tour suivant.
            journal.info("tour de veille manqué : %s", erreur)


def _oublier_tache(travail: Travail) -> None:
    """La tâche du moteur reste « en cours » après la mort de son exécuteur : on la clôt."""
    if not travail.tache:
        return
    for tache in DBTaskResult.objects.filter(pk=travail.tache, status=TaskResultStatus.RUNNING):
        tache.set_failed(RuntimeError(EtatTravail.INTERROMPU.label))


class Command(BaseCommand):
    """Tient jusqu'à SIGTERM ou Ctrl-C."""

    help = "Exécute les tâches de fond jusqu'à ce qu'on l'arrête (Ctrl-C ou SIGTERM)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """De quoi vider la file une fois, pour les essais et les machines sans service."""
        parser.add_argument("--une-fois", action="store_true", help="vider la file, puis s'arrêter")

    def handle(self, *args: Any, **options: Any) -> None:
        """Lance la veille, puis travaille."""
        for nom in ("django_tasks", "django_tasks_db"):
            logging.getLogger(nom).setLevel(logging.ERROR)
        arret_demande.clear()
        travailleur = Travailleur(
            queue_names=["*"],
            interval=0.5,
            batch=options["une_fois"],
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        travailleur.configure_signals()
        veille = Veille(travailleur, min(10.0, settings.TREILLE_DELAI_BATTEMENT / 4))
        veille.start()
        if options["verbosity"]:
            self.stdout.write("Travailleur prêt.")
            self.stdout.flush()
        try:
            travailleur.run()
        finally:
            veille.fini.set()
            veille.join(timeout=5)
