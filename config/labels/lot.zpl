^XA
^FX A lot that this site gave its number: 50.8 x 25.4 mm at 8 dots a millimetre.
^CI28
^PW406
^LL203
^LH0,0
^FO16,16^BXN,5,200,,,,@,1^FH\^FD{datamatrix 01=gtin 17=expires_on? 10=lot}^FS
^FO180,16^A0N,20,20^FB216,2,0,L^FH_^FD{product?}^FS
^FO180,64^A0N,18,18^FB216,1,0,L^FH_^FDGTIN {gtin}^FS
{if expires_on_iso}^FO180,88^A0N,18,18^FB216,1,0,L^FH_^FDEXP {expires_on_iso}^FS
^FO180,112^A0N,24,24^FB216,1,0,L^FH_^FDLOT {lot}^FS
^FO180,168^A0N,18,18^FB216,1,0,R^FH_^FD{copy?}^FS
^PQ1
^XZ
