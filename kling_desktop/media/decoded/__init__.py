"""What a decoded picture is: how bright each point, how it is turned, whether it is two fields of different moments."""
