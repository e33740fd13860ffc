"""The line under the film: seeking, marks, seams, thumbnails."""
