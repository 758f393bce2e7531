for file in /pfs/in/*; do
  wc -l <"$file" >"/pfs/out/${file##*/}"
done
