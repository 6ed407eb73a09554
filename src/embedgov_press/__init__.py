"""The press: executed chapters, the site, its proof."""
