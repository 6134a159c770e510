"""Real elections in the format of the Pabulib collection (pabulib.org), as phases and ballots."""

import csv

from consultations import phase_of


class Election:
    """One file: its phase, the ballots that were cast, and the official result."""

    def __init__(self, path):
        sections, section = {}, None
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.reader(file, delimiter=";"):
                if len(row) == 1 and row[0].strip() in ("META", "PROJECTS", "VOTES"):
                    section = sections.setdefault(row[0].strip(), [])
                elif row:
                    section.append(row)

        def table(name):
            names, *rows = sections[name]
            names = [column.strip() for column in names]
            return [dict(zip(names, map(str.strip, row))) for row in rows]

        self.meta = {row["key"]: row["value"] for row in table("META")}
        self.projects = {row["project_id"]: row for row in table("PROJECTS")}
        #: By voter: the projects named, in their order, with the points given in the file.
        self.votes = [
            (row["vote"].split(",") if row["vote"] else [],
             list(map(int, row["points"].split(","))) if row.get("points") else None)
            for row in table("VOTES")]
        assert len(self.projects) == int(self.meta["num_projects"])
        assert len(self.votes) == int(self.meta["num_votes"])

    @property
    def kind(self):
        return {"approval": "support", "ordinal": "ranking",
                "cumulative": "points"}[self.meta["vote_type"]]

    @property
    def rule(self):
        """`max_length`, `max_sum_points` and `max_points` by their names of the contract."""
        names = {"max_length": "max_votes"}
        if self.kind == "points":
            names |= {"max_sum_points": "max_points", "max_points": "max_points_per_proposal"}
        return {name: int(self.meta[key]) for key, name in names.items() if key in self.meta}

    def phase(self):
        return phase_of(self.kind, list(self.projects), **self.rule)

    def ballots(self):
        """What each voter's votes carry, by project; of one named twice the points are summed."""
        for projects, points in self.votes:
            ballot = {}
            for rank, project in enumerate(projects, 1):
                if self.kind == "support":
                    ballot[project] = {}
                elif self.kind == "ranking":
                    ballot[project] = {"rank": rank}
                else:
                    before = ballot.get(project, {"points": 0})["points"]
                    ballot[project] = {"points": before + points[rank - 1]}
            yield ballot

    def official(self):
        """Those counts of each project that the file gives: its columns `votes` and `score`."""
        columns = {"votes": "support"} if self.kind == "support" else {
            "votes": "votes", "score": "points"}
        return {project: {count: int(row[column]) for column, count in columns.items()
                          if column in row}
                for project, row in self.projects.items()}

    def any_ballot(self, rng):
        """A ballot that some other voter of this election might have cast."""
        projects, points = rng.choice(self.votes)
        chosen = rng.sample(list(self.projects), len(set(projects)))
        if self.kind == "ranking":
            return {project: {"rank": rank} for rank, project in enumerate(chosen, 1)}
        if self.kind == "points" and len(chosen) == len(points):
            return {project: {"points": given} for project, given in zip(chosen, points)}
        return {project: {"points": 1} if self.kind == "points" else {} for project in chosen}
