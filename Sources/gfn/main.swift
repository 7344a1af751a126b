print("gfn")
