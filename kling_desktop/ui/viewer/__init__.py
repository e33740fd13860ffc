"""The viewer: plays a clip, exact to the frame, with its filmstrip and its marks."""
