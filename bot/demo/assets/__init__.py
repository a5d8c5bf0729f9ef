"""The pictures and data sheets of the demo: their sources, the script that makes them, the results."""
