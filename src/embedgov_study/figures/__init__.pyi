# The names of this package; `__init__.py` imports each when it is first asked for.
from .actor_parts import actor_parts as actor_parts
from .argument_links import argument_links as argument_links
from .board import board as board
from .claim_tiles import claim_tiles as claim_tiles
from .cover import cover as cover
from .evidence_map import evidence_map as evidence_map
from .item_grid import item_grid as item_grid
from .levels import levels as levels
from .prerequisites import prerequisites as prerequisites
from .selection_flow import selection_flow as selection_flow
from .step_holders import step_holders as step_holders
from .swimlanes import swimlanes as swimlanes
from .tile_map import tile_map as tile_map
from .timeline import timeline as timeline
from .zone_map import zone_map as zone_map
