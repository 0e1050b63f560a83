"""The descent of the study note on deep learning (seed 004), its program as it stands but for the last line.

/usr/bin/python3 quartic.py > ../resources/vectorgrad/optim/quartic.txt
"""

x_old = 0
x_new = 6
eps = 0.01
precision = 1e-5
step = 1

def f_prime(x):
    return 4*x**3-9*x**2

while abs(x_new - x_old) > precision:
    x_old = x_new
    x_new = x_old - eps * f_prime(x_old)
    print('%d x_old:%f, x_new:%f, grad:%f, diff:%.8f' % (step, x_old, x_new, f_prime(x_old), (x_new - x_old)))
    step += 1
