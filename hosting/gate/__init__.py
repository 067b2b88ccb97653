"""What stands behind bin/gate: settings in, a checked and running web server out. Standard library only."""
