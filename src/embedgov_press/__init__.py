"""The press executes the chapters, builds the site and proves that it can be reproduced."""
