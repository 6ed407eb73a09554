"""Everything that is particular to this study: its tables, claims, forks, figures and evidence pages."""
