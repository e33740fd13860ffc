"""Makes one film out of clips: the frame to go on from, the join, the colours, the render."""
