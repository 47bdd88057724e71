^XA
^FX A carton: 101.6 x 76.2 mm at 8 dots a millimetre (4 x 3 inch at 203 dpi).
^CI28
^PW812
^LL609
^LH0,0
^FO24,20^A0N,34,34^FB560,1,0,L^FH_^FD{customer?}^FS
^FO24,60^A0N,26,26^FB560,1,0,L^FH_^FDOrder {order}^FS
^FO24,92^A0N,26,26^FB270,1,0,L^FH_^FDRoute {route?}^FS
^FO300,92^A0N,26,26^FB290,1,0,L^FH_^FD{count} pcs  {packed_on?}^FS
^FO24,128^A0N,22,22^FB560,5,2,L^FH_^FD{block lines?}^FS
^FO610,20^BXN,6,200,,,,@,1^FH\^FD{datamatrix 00=sscc [02=gtin 37=count 10=lot?]}^FS
^FO24,262^A0N,20,20^FB560,1,0,L^FH_^FD{expires_on_iso?}^FS
^FO592,262^A0N,26,26^FB200,1,0,R^FH_^FD{copy?}^FS
^FO90,300^BY3,2,200^BCN,200,N,N,N,N^FH\^FD{code128 00=sscc}^FS
^FO24,516^A0N,40,40^FB764,1,0,C^FH_^FD(00) {sscc}^FS
^FO24,572^A0N,18,18^FB764,1,0,R^FH_^FD{job?}^FS
^PQ1
^XZ
