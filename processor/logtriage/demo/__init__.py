"""The capture of real records that the demo sends."""
